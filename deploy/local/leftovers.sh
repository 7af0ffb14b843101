# shellcheck shell=bash
# Takes back what a node leaves outside its folder, also when its processes
# were killed. Expects STATE and network.sh. Root only.

# Each pod's shim was started with this cluster's own socket.
pod_shims() {
  pgrep -f -- "^[^ ]*containerd-shim[^ ]* .*-address $STATE/containerd.sock" ||
    true
}

# What containerd, runc and CNI keep of a task outside the cluster's folder.
remove_task_files() { # FOLDER, named after the task
  local id
  id=$(basename "$1")
  rm -rf "/run/containerd/runc/k8s.io/$id"
  rm -f "/var/lib/cni/results/cni-loopback-$id-lo"
  if [[ -e $1/address ]]; then rm -f "$(sed 's|^unix://||' "$1/address")"; fi
}

remove_pods() {
  local pid task
  for pid in $(pod_shims); do
    # Its children are the first processes of containers.
    pkill -9 -P "$pid" || true
    kill -9 "$pid" 2>/dev/null || true
  done
  for task in "$STATE"/containerd/state/io.containerd.runtime.v2.task/k8s.io/*; do
    if [[ -d $task ]]; then remove_task_files "$task"; fi
  done
}

# Network namespaces are among the mounts.
remove_mounts() {
  local target
  while read -r target; do
    umount -l "$target" 2>/dev/null || true
  done < <(awk -v state="$STATE/" 'index($2, state) == 1 {print $2}' \
    /proc/mounts | sort -r)
}

remove_cgroups() {
  find /sys/fs/cgroup -depth -type d -path '*/kubepods*' \
    -exec rmdir {} + 2>/dev/null || true
}

remove_node_leftovers() {
  remove_pods
  remove_mounts
  remove_cgroups
  remove_network
  # kubelet's names for the logs of pods.
  find /var/log/containers -lname "$STATE/*" -delete 2>/dev/null || true
}

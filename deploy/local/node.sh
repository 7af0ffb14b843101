# shellcheck shell=bash
# This machine as the cluster's one node: network, containerd, kubelet,
# kube-proxy, DNS and the registry. Expects STATE, API_PORT, ADVERTISE and
# deploy/local's other files. Root only.

BRIDGE=lw-cni0
NODE=local
REGISTRY=127.0.0.1:5000
PAUSE_IMAGE=$REGISTRY/pause:1

make_bridge() {
  ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add "$BRIDGE" type bridge
  ip addr replace "$ADVERTISE/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  sysctl -q -w net.ipv4.ip_forward=1
  sysctl -q -w net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
}

start_registry() {
  cat >"$STATE/registry.yaml" <<YAML
version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: $STATE/registry}
  delete: {enabled: true}
http: {addr: "0.0.0.0:5000"}
YAML
  process_start registry registry serve "$STATE/registry.yaml"
  wait_for 20 "the registry (see $STATE/log/registry.log)" \
    curl -fsS "http://$REGISTRY/v2/"
}

# The program that holds a pod's namespaces: it waits, and reaps.
push_pause_image() {
  crane --insecure manifest "$PAUSE_IMAGE" >/dev/null 2>&1 && return
  local dir=$STATE/pause
  mkdir -p "$dir"
  cat >"$dir/pause.c" <<'C'
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
static void stop(int number) { (void)number; _exit(0); }
static void reap(int number) { (void)number; while (waitpid(-1, 0, WNOHANG) > 0); }
int main(void) { signal(SIGTERM, stop); signal(SIGINT, stop); signal(SIGCHLD, reap); for (;;) pause(); }
C
  clang-19 -static -Os -o "$dir/pause-static" "$dir/pause.c"
  tar -C "$dir" --transform 's/pause-static/pause/' --owner 0 --group 0 \
    -cf "$dir/layer.tar" pause-static
  crane --insecure append -f "$dir/layer.tar" -t "$PAUSE_IMAGE" >/dev/null
  crane --insecure mutate --entrypoint /pause -t "$PAUSE_IMAGE" \
    "$PAUSE_IMAGE" >/dev/null
}

start_containerd() {
  mkdir -p "$STATE/cni/net.d" "$STATE/certs.d"
  cat >"$STATE/cni/net.d/10-local.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "local", "plugins": [
  {"type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "ipMasq": true,
   "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$STATE/cni/ipam",
            "ranges": [[{"subnet": "10.244.0.0/24",
                         "rangeStart": "10.244.0.10"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
  local host
  for host in "$REGISTRY" "$ADVERTISE:5000"; do
    mkdir -p "$STATE/certs.d/$host"
    printf 'server = "http://%s"\n[host."http://%s"]\n' "$host" "$REGISTRY" \
      >"$STATE/certs.d/$host/hosts.toml"
  done
  # restrict_oom_score_adj: a machine may lack CAP_SYS_RESOURCE.
  cat >"$STATE/containerd.toml" <<TOML
version = 2
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
oom_score = 0
[grpc]
  address = "$STATE/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$STATE/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$STATE/certs.d"
TOML
  process_start containerd containerd --config "$STATE/containerd.toml" \
    --log-level warn
  wait_for 20 "containerd (see $STATE/log/containerd.log)" \
    ctr --address "$STATE/containerd.sock" version
}

start_kubelet() {
  pki_issue kubelet "/O=system:nodes/CN=system:node:$NODE" \
    "DNS:$NODE,IP:$ADVERTISE,IP:127.0.0.1"
  pki_kubeconfig "$STATE/kubelet.kubeconfig" kubelet "$(api_server)"
  cat >"$STATE/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  x509: {clientCAFile: $STATE/pki/ca.crt}
  webhook: {enabled: true}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/kubelet.crt
tlsPrivateKeyFile: $STATE/pki/kubelet.key
cgroupDriver: cgroupfs
enforceNodeAllocatable: []
failSwapOn: false
containerRuntimeEndpoint: unix://$STATE/containerd.sock
clusterDNS: [$ADVERTISE]
clusterDomain: cluster.local
podLogsDir: $STATE/pod-logs
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
syncFrequency: 10s
oomScoreAdj: 0
YAML
  mkdir -p "$STATE/pod-logs"
  process_start kubelet kubelet --config "$STATE/kubelet.yaml" \
    --kubeconfig "$STATE/kubelet.kubeconfig" --root-dir "$STATE/kubelet" \
    --hostname-override "$NODE" --node-ip "$ADVERTISE" --v 1
}

start_kube_proxy() {
  pki_issue kube-proxy /CN=system:kube-proxy
  pki_kubeconfig "$STATE/kube-proxy.kubeconfig" kube-proxy "$(api_server)"
  cat >"$STATE/kube-proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: $STATE/kube-proxy.kubeconfig}
mode: iptables
clusterCIDR: 10.244.0.0/24
hostnameOverride: $NODE
oomScoreAdj: 0
conntrack: {maxPerCore: 0, min: 0}
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
YAML
  process_start kube-proxy kube-proxy --config "$STATE/kube-proxy.yaml"
}

start_dns() {
  pki_issue coredns /O=system:masters/CN=coredns
  pki_kubeconfig "$STATE/coredns.kubeconfig" coredns "$(api_server)"
  cat >"$STATE/Corefile" <<CONF
.:53 {
  bind $ADVERTISE
  errors
  hosts {
    $ADVERTISE registry.example
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $STATE/coredns.kubeconfig local
  }
}
CONF
  process_start coredns coredns -conf "$STATE/Corefile"
}

# Volumes for claims that name no class: hostPath, which pods of any user may
# write to.
make_storage() {
  local i
  {
    cat <<YAML
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: local
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: Immediate
YAML
    for i in 0 1 2 3 4 5 6 7; do
      mkdir -p "$STATE/volumes/$i"
      chmod 777 "$STATE/volumes/$i"
      cat <<YAML
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: local-$i}
spec:
  storageClassName: local
  capacity: {storage: 20Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  hostPath: {path: $STATE/volumes/$i, type: DirectoryOrCreate}
YAML
    done
  } | api_kubectl apply -f - >/dev/null
}

node_is_ready() {
  [[ $(api_kubectl get node "$NODE" -o \
    'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]
}

start_node() {
  make_bridge
  start_registry
  push_pause_image
  start_containerd
  start_controllers
  start_kubelet
  start_kube_proxy
  start_dns
  make_storage
  wait_for 120 "the node (see $STATE/log/kubelet.log)" node_is_ready
  wait_for 60 "the default service account" \
    api_kubectl get serviceaccount default
}

# Ends pods that outlived their kubelet, and takes back what was mounted and
# written into the kernel's tables.
remove_node_leftovers() {
  local pid target
  # Each pod's shim was started with this containerd's own socket.
  for pid in $(pgrep -f -- "containerd-shim.*-address $STATE/containerd.sock" ||
    true); do
    pkill -9 -P "$pid" 2>/dev/null || true
    kill -9 "$pid" 2>/dev/null || true
  done
  while read -r target; do
    umount -l "$target" 2>/dev/null || true
  done < <(awk -v state="$STATE/" 'index($2, state) == 1 {print $2}' \
    /proc/mounts | sort -r)
  if [[ -e $STATE/kube-proxy.yaml ]]; then
    kube-proxy --config "$STATE/kube-proxy.yaml" --cleanup \
      >/dev/null 2>&1 || true
  fi
  # What kubelet leaves in iptables to notice that they were flushed.
  local table
  for table in mangle nat filter; do
    iptables -t "$table" -F KUBE-KUBELET-CANARY 2>/dev/null || true
    iptables -t "$table" -X KUBE-KUBELET-CANARY 2>/dev/null || true
  done
  ip link show "$BRIDGE" >/dev/null 2>&1 && ip link del "$BRIDGE"
  return 0
}

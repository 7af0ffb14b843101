# shellcheck shell=bash
# This machine as the cluster's one node: containerd, kubelet, kube-proxy and
# DNS. Expects STATE, API_PORT, ADVERTISE and deploy/local's other files. Root
# only.

NODE=local

start_containerd() {
  mkdir -p "$STATE/cni/net.d" "$STATE/certs.d"
  cat >"$STATE/cni/net.d/10-local.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "$NETWORK", "plugins": [
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
  netns_mounts_under_state_dir = true
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
  process_await containerd 20 ctr --address "$STATE/containerd.sock" version
}

start_kubelet() {
  make_cgroup_root
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
${CGROUP_ROOT:+cgroupRoot: $CGROUP_ROOT}
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
  echo "$ADVERTISE registry.example" >"$STATE/hosts"
  cat >"$STATE/Corefile" <<CONF
.:53 {
  bind $ADVERTISE
  errors
  hosts $STATE/hosts {
    ttl 1
    reload 1s
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $STATE/coredns.kubeconfig local
  }
}
CONF
  process_start coredns coredns -conf "$STATE/Corefile"
}

node_is_ready() {
  [[ $(api_kubectl get node "$NODE" -o \
    'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]
}

start_node() {
  start_containerd
  start_controllers
  start_kubelet
  start_kube_proxy
  start_dns
  make_storage
  process_await kubelet 120 node_is_ready
  wait_for 60 "the default service account" \
    api_kubectl get serviceaccount default
}

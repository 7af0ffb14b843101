# shellcheck shell=bash
# What the cluster's claims are bound to. Expects STATE and process.sh.

# Volumes for claims that name no class: folders of the host, which pods of any
# user may write to.
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
  process_start volume-recycler "$ROOT/deploy/local/volume-recycler" \
    "$STATE/kubeconfig" "$STATE/volumes"
}

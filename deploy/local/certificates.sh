# shellcheck shell=bash
# The cluster's own authority and what it signs: $STATE/pki. Expects STATE.

pki_key() { # FILE
  openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null
}

pki_init() {
  local pki=$STATE/pki
  mkdir -p "$pki"
  chmod 700 "$pki"
  [[ -e $pki/ca.crt ]] && return
  pki_key "$pki/ca.key"
  openssl req -x509 -new -key "$pki/ca.key" -days 365 -subj /CN=local-cluster \
    -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign -out "$pki/ca.crt"
  openssl genrsa -out "$pki/service-account.key" 2048 2>/dev/null
}

pki_issue() { # NAME SUBJECT SUBJECT_ALT_NAMES
  local pki=$STATE/pki name=$1 subject=$2 names=${3:-}
  [[ -e $pki/$name.crt ]] && return
  pki_key "$pki/$name.key"
  openssl req -new -key "$pki/$name.key" -subj "$subject" \
    -out "$pki/$name.csr"
  {
    echo "extendedKeyUsage=serverAuth,clientAuth"
    if [[ -n $names ]]; then echo "subjectAltName=$names"; fi
  } >"$pki/$name.ext"
  openssl x509 -req -in "$pki/$name.csr" -CA "$pki/ca.crt" \
    -CAkey "$pki/ca.key" -CAcreateserial -days 365 -extfile "$pki/$name.ext" \
    -out "$pki/$name.crt" 2>/dev/null
  rm -f "$pki/$name.csr" "$pki/$name.ext"
}

pki_kubeconfig() { # FILE NAME SERVER
  local file=$1 name=$2 server=$3 pki=$STATE/pki
  cat >"$file" <<YAML
apiVersion: v1
kind: Config
current-context: local
contexts:
- name: local
  context: {cluster: local, user: $name}
clusters:
- name: local
  cluster:
    server: $server
    certificate-authority-data: $(base64 -w0 <"$pki/ca.crt")
users:
- name: $name
  user:
    client-certificate-data: $(base64 -w0 <"$pki/$name.crt")
    client-key-data: $(base64 -w0 <"$pki/$name.key")
YAML
  chmod 600 "$file"
}

#!/usr/bin/env bash
# Certificates for a home network, as `./dev run --lan` uses them: an authority of this machine's own, made once, and a
# server certificate from it for every name that is given.
#
#   deploy/lan-certificate.sh FOLDER NAME...     NAME: a host name, or an IPv4 or IPv6 address
#
# Prints one word: made (authority and certificate: phones must trust it anew), renewed (the certificate: it ends within 30
# days, or is for other names), kept. May be repeated. In FOLDER: ca.crt, which phones may have; ca.key and server.key,
# which nobody may have; server.crt.
#
# Whoever trusts the authority trusts it for private addresses and the names given here only (nameConstraints): it is of no
# use against a bank, even if its key were stolen. A name beyond that, later, takes a new authority.
set -euo pipefail
umask 077

[[ $# -ge 2 ]] || { echo "usage: lan-certificate.sh FOLDER NAME..." >&2; exit 2; }
folder=$1
shift
mkdir -p "$folder"
cd "$folder"

host=$(hostname)
names=''
for name in "$@"; do
  kind=DNS
  [[ $name =~ ^[0-9.]+$ || $name == *:* ]] && kind=IP
  names+="${names:+,}$kind:$name"
done

# Days: ten years for what is installed by hand. A year for the other: phones refuse more than 825 days, browsers 398.
readonly ca_days=3650 server_days=365 renew_seconds=$((30 * 86400))
new_key=(openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)

make_authority() {
  local name number=9 given=''
  for name in "$@"; do
    number=$((number + 1))
    case $name in
      *:*) given+="permitted;IP.$number = $name/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"$'\n' ;;
      *[!0-9.]*) given+="permitted;DNS.$number = $name"$'\n' ;;
      *) given+="permitted;IP.$number = $name/255.255.255.255"$'\n' ;;
    esac
  done
  "${new_key[@]}" -out ca.key.new 2>/dev/null
  cat >ca.cnf <<END
[req]
distinguished_name = subject
x509_extensions = authority
prompt = no
[subject]
CN = Enishi at home on $host
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, @limits
[limits]
permitted;IP.1 = 10.0.0.0/255.0.0.0
permitted;IP.2 = 172.16.0.0/255.240.0.0
permitted;IP.3 = 192.168.0.0/255.255.0.0
permitted;IP.4 = 100.64.0.0/255.192.0.0
permitted;IP.5 = 169.254.0.0/255.255.0.0
permitted;IP.6 = 127.0.0.0/255.0.0.0
permitted;IP.7 = fc00::/fe00::
permitted;IP.8 = fe80::/ffc0::
permitted;IP.9 = ::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
permitted;DNS.1 = localhost
permitted;DNS.2 = local
permitted;DNS.3 = home.arpa
$given
END
  openssl req -new -x509 -key ca.key.new -config ca.cnf -days "$ca_days" -sha256 -out ca.crt.new
  mv ca.key.new ca.key
  mv ca.crt.new ca.crt
}

make_certificate() {
  "${new_key[@]}" -out server.key.new 2>/dev/null
  cat >server.cnf <<END
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $names
END
  openssl req -new -key server.key.new -subj "/CN=Enishi on $host" -out server.csr
  openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -set_serial "0x$(openssl rand -hex 16)" \
    -days "$server_days" -sha256 -extfile server.cnf -out server.crt.new 2>/dev/null
  # A name beyond the authority's limits is found here, and not on the phone.
  openssl verify -CAfile ca.crt server.crt.new >/dev/null 2>&1 || return
  mv server.key.new server.key
  mv server.crt.new server.crt
  echo "$names" >server.names
}

if [[ ! -s ca.key || ! -s ca.crt ]] || ! openssl x509 -in ca.crt -noout -checkend $((server_days * 86400)) >/dev/null; then
  make_authority "$@"
  make_certificate
  echo made
elif [[ $(cat server.names 2>/dev/null) != "$names" ]] || [[ ! -s server.key ]] ||
  # Cut off between the two, the last run left a key and a certificate of another one.
  [[ $(openssl pkey -in server.key -pubout 2>/dev/null) != $(openssl x509 -in server.crt -noout -pubkey 2>/dev/null) ]] ||
  ! openssl x509 -in server.crt -noout -checkend "$renew_seconds" >/dev/null 2>&1 ||
  ! openssl verify -CAfile ca.crt server.crt >/dev/null 2>&1; then
  if make_certificate; then
    echo renewed
  else
    make_authority "$@"
    make_certificate
    echo made
  fi
else
  echo kept
fi

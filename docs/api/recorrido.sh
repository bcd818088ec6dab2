#!/bin/sh
# Un recorrido por la API con curl y jq: leer, opinar, dar seguimiento, responder y publicar.
#
#   CONSULTA=http://127.0.0.1:8000 docs/api/recorrido.sh
#
# Con RESPONDE, FIRMA y COORDINA (tokens de esos cargos: «consulta token» o «Mi cuenta») sigue hasta publicar la respuesta.
set -eu
api="${CONSULTA:-http://127.0.0.1:8000}/api/v1"

leer() { curl -sS --fail-with-body -H "Authorization: Bearer ${token:-}" "$api$1"; }
escribir() {
  curl -sS --fail-with-body -H "Content-Type: application/json" -H "Authorization: Bearer ${token:-}" \
    -H "Idempotency-Key: ${clave:-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}" --data "$2" "$api$1"
}

echo "1. Consultas abiertas"
abierta=$(leer "/windows?status=open" | jq -r '.items[0].slug')
leer "/windows/$abierta" | jq -r '.title, "cierra: \(.closes_at)", "porque: \(.derivation.citation // "sin regla")"'
tema=$(leer "/windows/$abierta" | jq -r '.topics[0].id')

echo "2. Opinar (y repetir con la misma clave: no se duplica)"
clave=recorrido-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
acuse=$(escribir "/topics/$tema/submissions" '{"text": "Propongo que el trámite se haga en línea. (Ejemplo de la API.)"}')
repetido=$(escribir "/topics/$tema/submissions" '{"text": "Propongo que el trámite se haga en línea. (Ejemplo de la API.)"}')
unset clave
folio=$(echo "$acuse" | jq -r .folio)
test "$folio" = "$(echo "$repetido" | jq -r .folio)"
echo "folio: $folio"

echo "3. Lo que está mal se dice campo por campo"
curl -sS -H "Content-Type: application/json" --data '{"text": "", "kind": "queja"}' "$api/topics/$tema/submissions" |
  jq -r '.title, (.errors[] | "  \(.field): \(.message)")'

echo "4. Seguimiento propio"
escribir /track "$(echo "$acuse" | jq '{folio, key: .tracking_key}')" | jq -r '.steps[] | "  \(.title)"'

echo "5. Lo que no cambió no se descarga otra vez"
etag=$(curl -sSI "$api/mailboxes" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
curl -sS -o /dev/null -w "  %{http_code}\n" -H "If-None-Match: $etag" "$api/mailboxes"

echo "6. La bitácora pública"
leer /record/checkpoint 2>/dev/null | jq -r '"  actos: \(.size)"' || echo "  todavía no hay punto de control"

[ -n "${RESPONDE:-}" ] || exit 0
echo "7. Responder, firmar y publicar"
token=$RESPONDE
# El turno llega a su unidad en unos segundos.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  turno=$(leer "/referrals" | jq -r --arg folio "$folio" '[.items[] | select(.folio == $folio)][0].id // empty')
  [ -z "$turno" ] || break
  sleep 1
done
respuesta=$(escribir "/referrals/$turno/answer" \
  '{"disposition": "adopted", "text": "Procede: el trámite se hará en línea. (Ejemplo de la API.)"}' | jq -r .answer_id)
token=$FIRMA
escribir "/answers/$respuesta/sign-off" '{}' | jq -r '"  \(.state)"'
token=$COORDINA
escribir "/answers/$respuesta/publish" '{}' | jq -r '"  \(.state)"'

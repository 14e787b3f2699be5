#!/usr/bin/env bash
# A tour of the provider with nothing but curl (and openssl for PKCE): every step prints what it sends and what comes back.
#
#   examples/curl-tour.sh                              against http://localhost:3000
#   ISSUER=http://localhost:4000 examples/curl-tour.sh
#
# It needs the sandbox (npm start). It may be run again and again: the person whose account is activated is made anew each time.
set -euo pipefail

ISSUER=${ISSUER:-http://localhost:3000}
CLIENT=sandbox-web:sandbox-web-secret
CLIENT_ID=${CLIENT%%:*}
REDIRECT_URI=http://localhost:8080/callback # nobody needs to listen there: the code is read from the redirect

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
session=$work/session.cookies       # what a browser would keep of a sign-in
activation=$work/activation.cookies # and of an activation: another browser

# --- small tools -----------------------------------------------------------------------------------------------------

step() { printf '\n=== %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
  printf '\nThe tour stops here: %s\n' "$*" >&2
  exit 1
}

# jq reads JSON better than sed does; NO_JQ=1 shows that the tour goes without it.
has_jq() { [ -z "${NO_JQ:-}" ] && command -v jq >/dev/null; }

# One text or number of a JSON document on stdin, by its name.
field() {
  if has_jq; then
    jq -r --arg name "$1" '[.. | objects | select(has($name)) | .[$name]][0] // empty'
  else
    tr -d '\n' | sed -n 's/.*"'"$1"'" *: *"\{0,1\}\([^",}]*\).*/\1/p'
  fi
}

# JSON on stdin, easier to read where there is a jq.
show() {
  if has_jq; then jq . | sed 's/^/    /'; else sed 's/^/    /'; printf '\n'; fi
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# The middle part of a JWT. Only looking: a relying party checks the signature first.
jwt_claims() {
  local part
  part=$(printf '%s' "$1" | cut -d. -f2 | tr -- '-_' '+/')
  while [ $((${#part} % 4)) -ne 0 ]; do part="$part="; done
  printf '%s' "$part" | openssl base64 -d -A
}

# The value of one parameter of an address.
parameter() { sed -n 's/.*[?&]'"$1"'=\([^&]*\).*/\1/p'; }

# Sends an authorization request for a persona and prints the address of the redirect.
authorize() {
  local persona=$1
  shift
  curl -sS -o /dev/null -w '%{redirect_url}' -b "$session" -c "$session" -G "$ISSUER/authorize" \
    -d client_id="$CLIENT_ID" -d response_type=code --data-urlencode redirect_uri="$REDIRECT_URI" \
    -d code_challenge="$challenge" -d code_challenge_method=S256 \
    -d state=tour -d nonce=tour-nonce -d login_hint="persona:$persona" "$@"
}

redeem() {
  curl -sS "$ISSUER/token" -u "$CLIENT" -d grant_type=authorization_code \
    -d code="$1" --data-urlencode redirect_uri="$REDIRECT_URI" -d code_verifier="$2"
}

# --- the tour --------------------------------------------------------------------------------------------------------

step '1. Discovery: all a library needs'
curl -sS "$ISSUER/.well-known/openid-configuration" >"$work/discovery" || fail "nobody answers at $ISSUER (npm start)"
for name in issuer authorization_endpoint token_endpoint userinfo_endpoint jwks_uri pushed_authorization_request_endpoint; do
  note "$name: $(field "$name" <"$work/discovery")"
done
[ "$(field issuer <"$work/discovery")" = "$ISSUER" ] || fail "the issuer names itself otherwise: set ISSUER to what it says"

step '2. PKCE: a secret that only this client knows, and its hash'
verifier=$(openssl rand 32 | base64url)
challenge=$(printf '%s' "$verifier" | openssl dgst -sha256 -binary | base64url)
note "code_verifier:  $verifier"
note "code_challenge: $challenge"

step '3. A code: the persona l2-active signs in and consents without a page, in one redirect'
location=$(authorize l2-active --data-urlencode 'scope=openid profile account residence offline_access' -d prompt=consent)
note "$location"
code=$(printf '%s' "$location" | parameter code)
[ -n "$code" ] || fail 'there is no code in it; are the personas there? (npx dinhdanh seed)'

step '4. The code for tokens'
redeem "$code" "$verifier" >"$work/tokens"
show <"$work/tokens"
access_token=$(field access_token <"$work/tokens")
refresh_token=$(field refresh_token <"$work/tokens")
id_token=$(field id_token <"$work/tokens")
[ -n "$id_token" ] || fail 'no id_token'

step '5. What the id_token says: who (sub, for this service alone), how strongly (acr, amr) and when'
jwt_claims "$id_token" | show

step '6. userinfo: what the citizen agreed to tell'
curl -sS "$ISSUER/userinfo" -H "Authorization: Bearer $access_token" | show

step '7. Introspection: is the token alive?'
curl -sS "$ISSUER/introspect" -u "$CLIENT" -d token="$access_token" | tee "$work/introspection" | show
[ "$(field active <"$work/introspection")" = true ] || fail 'the access token is not active'

step '8. Refresh: a new token for the old one, which is worth nothing afterwards'
curl -sS "$ISSUER/token" -u "$CLIENT" -d grant_type=refresh_token -d refresh_token="$refresh_token" >"$work/refreshed"
show <"$work/refreshed"
[ -n "$(field refresh_token <"$work/refreshed")" ] || fail 'no refresh token came back'
[ "$(field refresh_token <"$work/refreshed")" != "$refresh_token" ] || fail 'the refresh token was not rotated'

step '9. A stronger sign-in: acr 2 or an error, never a weaker token'
location=$(authorize l2-active -d scope=openid \
  --data-urlencode 'claims={"id_token":{"acr":{"essential":true,"values":["urn:vn:eid:auth:2"]}}}')
redeem "$(printf '%s' "$location" | parameter code)" "$verifier" >"$work/strong"
jwt_claims "$(field id_token <"$work/strong")" | tee "$work/strong.claims" | show
[ "$(field acr <"$work/strong.claims")" = urn:vn:eid:auth:2 ] || fail 'the session is weaker than what was insisted on'

step '10. Logout: the provider asks, the citizen says yes, and the browser goes back to the service'
curl -sS -b "$session" -c "$session" -H 'Accept-Language: en' -G "$ISSUER/logout" --data-urlencode id_token_hint="$id_token" \
  --data-urlencode post_logout_redirect_uri=http://localhost:8080/ -d state=bye >"$work/logout"
xsrf=$(sed -n 's/.*name="xsrf" value="\([^"]*\)".*/\1/p' "$work/logout")
[ -n "$xsrf" ] || fail 'there is no question on the page'
note "$(curl -sS -o /dev/null -w '%{redirect_url}' -b "$session" -c "$session" -H "Origin: $ISSUER" \
  "$ISSUER/logout/confirm" -d xsrf="$xsrf" -d logout=yes)"

step '11. Machine to machine: client_credentials'
curl -sS "$ISSUER/token" -u sandbox-machine:sandbox-machine-secret -d grant_type=client_credentials | tee "$work/machine" | show
[ -n "$(field access_token <"$work/machine")" ] || fail 'no token for the machine'

step '12. Two deliberate mistakes and their errors'
note 'a code that was redeemed is redeemed again:'
redeem "$code" "$verifier" | tee "$work/mistake" | show
[ "$(field error <"$work/mistake")" = invalid_grant ] || fail 'a used code was taken twice'
note 'somebody whose account is locked (the service is not told why):'
location=$(authorize locked -d scope=openid)
note "$location"
[ "$(printf '%s' "$location" | parameter error)" = access_denied ] || fail 'a locked account was let in'

# --- an activation ---------------------------------------------------------------------------------------------------

page=$work/page.html
form_title() { sed -n 's:.*<h1[^>]*>\(.*\)</h1>.*:\1:p' "$page" | sed 's/<[^>]*>//g' | head -n 1; }

# Opens a page of the activation as a browser would, and prints the status and where it ended.
open_page() {
  curl -sS -L -b "$activation" -c "$activation" -H 'Accept-Language: en' -o "$page" -w '%{http_code} %{url_effective}' "$ISSUER$1"
}

# Sends the form on the page: its hidden csrf_token, the Origin that a browser would add, and fields given as name=value.
send_form() {
  local path=$1 pair
  shift
  local fields=(--data-urlencode "csrf_token=$(sed -n 's/.*name="csrf_token" value="\([^"]*\)".*/\1/p' "$page" | head -n 1)")
  for pair in "$@"; do fields+=(--data-urlencode "$pair"); done
  curl -sS -L -b "$activation" -c "$activation" -H 'Accept-Language: en' -H "Origin: $ISSUER" \
    -o "$page" -w '%{http_code} %{url_effective}' "${fields[@]}" "$ISSUER$path"
}

# $1: status and place of what came back, $2: where we should be.
expect_at() {
  [ "${1%%\?*}" = "200 $ISSUER$2" ] || fail "expected to be at $2, but this is $1: $(form_title)"
  note "$2: $(form_title)"
}

step '13. Somebody whose account waits for activation (made for this run; the persona "pending" is left for you)'
curl -sS "$ISSUER/sandbox/people" -H 'Content-Type: application/json' -d '{"level": 2, "status": "pending", "age": 34}' >"$work/person"
person=$(field key <"$work/person")
[ -n "$person" ] || fail 'the sandbox made nobody'
for name in citizen_id phone_number password passcode; do note "$name: $(field "$name" <"$work/person")"; done

step '14. Activation, form by form'
expect_at "$(open_page /activate)" /activate
expect_at "$(send_form /activate "citizen_id=$(field citizen_id <"$work/person")" \
  "phone_number=$(field phone_number <"$work/person")")" /activate/code

sms_code=$(curl -sS -G "$ISSUER/sandbox/inbox.json" -d persona="$person" |
  sed -n 's/.*"code": "\([0-9]*\)".*/\1/p' | head -n 1)
note "the code from the inbox: $sms_code"
expect_at "$(send_form /activate/code "code=$sms_code")" /activate/password
expect_at "$(send_form /activate/password "password=$(field password <"$work/person")")" /activate/passcode
expect_at "$(send_form /activate/passcode "passcode=$(field passcode <"$work/person")")" /activate/questions
expect_at "$(send_form /activate/questions \
  "question_1=$(field question_1 <"$work/person")" "answer_1=$(field answer_1 <"$work/person")" \
  "question_2=$(field question_2 <"$work/person")" "answer_2=$(field answer_2 <"$work/person")")" /activate/done

step '15. She signs in for the first time, which is what the activation rate counts in the end'
location=$(authorize "$person" --data-urlencode 'scope=openid account')
redeem "$(printf '%s' "$location" | parameter code)" "$verifier" >"$work/hers"
curl -sS "$ISSUER/userinfo" -H "Authorization: Bearer $(field access_token <"$work/hers")" | tee "$work/her-account" | show
[ "$(field account_level <"$work/her-account")" = 2 ] || fail 'her account is not of level 2'

step 'The end. More at '"$ISSUER/developers and $ISSUER/sandbox"

"""Verifies Hawk requests as the Taskcluster auth service does: permanent and temporary clients, scopes and roles.

Written from the published description of the scheme. It shares no code with the program.
"""
import base64
import hashlib
import hmac
import json
import re
import time
import urllib.parse

SKEW = 300


class Refused(Exception):
    pass


def mac(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def satisfied(have, scope):
    return any(own == scope or own.endswith("*") and scope.startswith(own[:-1]) for own in have)


def expanded(scopes, roles):
    """The scopes, and those of the roles that they assume, of roles of roles too."""
    found = list(dict.fromkeys(scopes))
    for scope in found:
        for role, more in roles.items():
            if satisfied([scope], "assume:" + role):
                found += [one for one in more if one not in found]
    return found


def certificate_of(header_ext):
    if not header_ext:
        return None, None
    ext = json.loads(base64.b64decode(header_ext))
    certificate = ext.get("certificate")
    return json.loads(certificate) if isinstance(certificate, str) else certificate, ext.get("authorizedScopes")


def temporary(client_id, certificate, clients, roles):
    """The access token and the scopes of temporary credentials."""
    now = time.time()
    if set(certificate) - {"version", "scopes", "start", "expiry", "seed", "signature", "issuer"}:
        raise Refused("ext.certificate has unknown members")
    if certificate["version"] != 1 or len(certificate["seed"]) != 44:
        raise Refused("ext.certificate has the wrong version or seed")
    if certificate["start"] / 1000 > now + SKEW or certificate["expiry"] / 1000 < now - SKEW:
        raise Refused("ext.certificate is not valid now")
    if certificate["expiry"] - certificate["start"] > 31 * 86400 * 1000:
        raise Refused("ext.certificate is valid for too long")
    issuer = certificate.get("issuer", client_id)
    if issuer not in clients or "issuer" in certificate and issuer == client_id:
        raise Refused("ext.certificate has an unknown issuer")
    key = clients[issuer]["accessToken"]
    lines = ["version:1"]
    needed = list(certificate["scopes"])
    if "issuer" in certificate:
        lines += ["clientId:" + client_id, "issuer:" + issuer]
        needed.append("auth:create-client:" + client_id)
    lines += ["seed:" + certificate["seed"], "start:%d" % certificate["start"], "expiry:%d" % certificate["expiry"], "scopes:"]
    if not hmac.compare_digest(mac(key, "\n".join(lines + certificate["scopes"])), certificate["signature"]):
        raise Refused("ext.certificate.signature is not valid")
    have = expanded(clients[issuer]["scopes"], roles)
    missing = [scope for scope in needed if not satisfied(have, scope)]
    if missing:
        raise Refused("the issuer does not satisfy " + ", ".join(missing))
    token = mac(key, certificate["seed"]).replace("+", "-").replace("/", "_").rstrip("=")
    return token, certificate["scopes"]


def header_of(authorization):
    """The attributes of an Authorization header."""
    if not (authorization or "").startswith("Hawk "):
        raise Refused("no Hawk header")
    return dict(re.findall(r'(\w+)="([^"]*)"', authorization))


def verify(authorization, method, url, clients, roles=()):
    """The clientId, the expanded scopes and the payload hash of a signed request. Raises Refused."""
    roles = dict(roles)
    header = header_of(authorization)
    try:
        client_id = header["id"]
        certificate, authorized = certificate_of(header.get("ext"))
        if certificate:
            token, scopes = temporary(client_id, certificate, clients, roles)
        elif client_id in clients:
            token, scopes = clients[client_id]["accessToken"], clients[client_id]["scopes"]
        else:
            raise Refused("no such client: " + client_id)
        if abs(int(header["ts"]) - time.time()) > 900:
            raise Refused("stale timestamp")
        parts = urllib.parse.urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        resource = url.split(parts.netloc, 1)[1]
        lines = ["hawk.1.header", header["ts"], header["nonce"], method.upper(), resource, parts.hostname, str(port),
                 header.get("hash", ""), header.get("ext", "").replace("\\", "\\\\").replace("\n", "\\n")]
        if not hmac.compare_digest(mac(token, "".join(line + "\n" for line in lines)), header["mac"]):
            raise Refused("bad mac")
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("malformed credentials: %r" % error)
    scopes = expanded(scopes, roles)
    if authorized is not None:
        if not all(satisfied(scopes, one) for one in authorized):
            raise Refused("ext.authorizedScopes exceeds the scopes")
        scopes = expanded(authorized, roles)
    return {"clientId": client_id, "scopes": scopes, "hash": header.get("hash")}

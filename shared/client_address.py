"""Where a request came from, as the front saw it: an address with a proof that only the front can make.

Services see the front's or the proxy's address, not the browser's. Limits per address need the
latter, also for API clients, who bring their own token and could claim any address they like.
"""

import hashlib
import hmac

ADDRESS = "X-Client-Address"
PROOF = "X-Client-Proof"


def proven(address: str, secret: str) -> dict[str, str]:
    """Return the headers by which the front (who knows ``secret``) vouches for ``address``."""
    return {ADDRESS: address, PROOF: _proof(address, secret)}


def believed(address: str | None, proof: str | None, secret: str) -> str | None:
    """Return the address of these headers if the front vouched for it, else None."""
    if not address or not proof:
        return None
    return address if hmac.compare_digest(proof, _proof(address, secret)) else None


def _proof(address: str, secret: str) -> str:
    said = f"client address {address}".encode()
    return hmac.new(secret.strip().encode(), said, hashlib.sha256).hexdigest()

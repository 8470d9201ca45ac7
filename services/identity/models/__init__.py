"""Tables of identity and the rules that live in them, one file per aggregate."""

from services.identity.models.base import Base
from services.identity.models.credential import Credential
from services.identity.models.person import Person, Role
from services.identity.models.sign_in import PasswordReset, SignIn

__all__ = ["Base", "Credential", "PasswordReset", "Person", "Role", "SignIn"]

"""Notify's settings say what is wrong with them."""

import pytest

from services.notify.settings import read_settings
from shared.settings import BadSetting


def test_mail_is_dropped_into_the_data_folder_unless_a_server_is_named() -> None:
    settings = read_settings({"DATA_DIR": "/somewhere"})

    assert settings.smtp_url == "drop:///somewhere/mail"
    assert settings.mail_from == "xiuhao@localhost"


def test_a_mail_server_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadSetting, match="SMTP_URL"):
        read_settings({"SMTP_URL": "http://mail"})

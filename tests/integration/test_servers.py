"""The servers that tests use are real, shared by the run, and leave each test a place of its own."""

from collections.abc import Callable

import pika
import psycopg
import pytest
from playwright.sync_api import Browser

from tests.support.browser import PHONE


def test_each_database_is_fresh(database_url: Callable[..., str]) -> None:
    first, second = database_url(None, "postgresql"), database_url(None, "postgresql")

    with psycopg.connect(first.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(second.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT to_regclass('mine')").fetchone()

    assert found == (None,)


def test_the_database_knows_exclusion_constraints(database_url: Callable[..., str]) -> None:
    with psycopg.connect(database_url(None, "postgresql").replace("+psycopg", "")) as connection:
        connection.execute("CREATE EXTENSION btree_gist")


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_has_queues_of_its_own(rabbitmq_url: str, time: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(rabbitmq_url))
    channel = connection.channel()

    declared = channel.queue_declare("mine", durable=True)
    channel.basic_publish("", "mine", b"x")

    assert declared.method.message_count == 0, time
    connection.close()


def test_the_browser_shows_a_page_in_chinese(browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)

    page.set_content("<title>修好</title><p id=p>志愿维修</p>")

    assert page.title() == "修好"
    assert page.locator("#p").bounding_box()
    page.close()

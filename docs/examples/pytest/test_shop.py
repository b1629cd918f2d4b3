"""Tests an app server on slixmpp: gcm-relay exec --retry-first 200ms -- pytest"""

import asyncio
import json
import os
import ssl
import urllib.request

from slixmpp import ET, Callback, ClientXMPP, MatchXPath

GCM = "{google:mobile:data}gcm"
FRAME = MatchXPath("{jabber:client}message/" + GCM)


class Shop(ClientXMPP):
    """The app server under test: ACKs every delivery, and books each order once."""

    def __init__(self, sender_id, api_key):
        login = f"{sender_id}@gcm.googleapis.com"
        super().__init__(login, api_key, ssl_context=ssl.create_default_context())
        self.credentials["username"] = login
        self.enable_direct_tls, self.enable_starttls = True, False
        self.register_handler(Callback("order", FRAME, self.receive))
        self.deliveries, self.orders = 0, {}

    def receive(self, stanza):
        order = json.loads(stanza.xml.find(GCM).text)
        self.deliveries += 1
        self.orders[order["from"], order["message_id"]] = order["data"]["parcel"]
        ack = {"to": order["from"], "message_id": order["message_id"], "message_type": "ack"}
        answer = self.Message()
        ET.SubElement(answer.xml, GCM).text = json.dumps(ack)
        answer.send()


def ask(path, **body):
    """Asks the relay's admin API; an answer that is not good is an exception."""
    url = os.environ["GCM_RELAY_ADMIN_URL"] + path
    with urllib.request.urlopen(url, data=json.dumps(body).encode()) as answer:
        return json.load(answer)


async def lose_an_ack(state):
    shop = Shop(os.environ["GCM_RELAY_SENDER_ID"], os.environ["GCM_RELAY_API_KEY"])
    shop.connect(os.environ["GCM_RELAY_HOST"], int(os.environ["GCM_RELAY_PORT"]))
    await shop.wait_until("session_start", timeout=60)
    ask("/v1/faults", on="upstream.ack", do="drop", times=1)
    phone = ["gcm-device", "send", "--state", state, "--timeout", "60s"]
    phone += ["--id", "m-1", "--data", "parcel=17"]
    assert await (await asyncio.create_subprocess_exec(*phone)).wait() == 0
    match = "message_id=m-1 and state=settled"
    found = await asyncio.to_thread(ask, "/v1/messages/wait", match=match, timeout="60s")
    return shop, found["messages"][0]


def test_an_order_whose_ack_is_lost_comes_twice_and_is_booked_once(tmp_path):
    shop, message = asyncio.run(lose_an_ack(tmp_path / "phone"))
    assert message["attempts"] >= 2 and shop.deliveries >= 2
    assert list(shop.orders.values()) == ["17"]

"""An app server on an XMPP library that nobody here wrote: verified TLS, login, receive, ACK.

Prints each upstream message as a line of JSON. Exits 0 when `--count` distinct messages were ACKed
and the relay closed its stream in answer to ours. Sender, ID and data tell messages apart.
"""

import argparse
import json
import ssl
import sys

from slixmpp import ClientXMPP
from slixmpp.xmlstream import ET
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

GCM = "{google:mobile:data}gcm"


class AppServer(ClientXMPP):
    def __init__(self, options):
        # Verifies the chain, and the JID's domain whatever the address is.
        tls = ssl.create_default_context(cafile=options.ca)
        login = f"{options.sender_id}@gcm.googleapis.com"
        super().__init__(login, options.api_key, sasl_mech="PLAIN", ssl_context=tls)
        self.credentials["username"] = login
        self.enable_direct_tls, self.enable_starttls = True, False
        self.wanted, self.acked, self.outcome = options.count, set(), self.loop.create_future()
        upstream = MatchXPath(f"{{jabber:client}}message/{GCM}")
        self.register_handler(Callback("upstream", upstream, self.receive))
        self.add_event_handler("failed_all_auth", lambda _: self.end("the login was refused"))
        self.add_event_handler("connection_failed", lambda why: self.end(f"no connection: {why}"))
        self.add_event_handler("disconnected", self.disconnect_seen)
        self.session_has_begun = False
        self.add_event_handler("session_start", self.session_begins)

    def receive(self, stanza):
        message = json.loads(stanza.xml.find(GCM).text)
        if "message_type" in message or len(self.acked) == self.wanted:
            return
        data = message.get("data", {})
        event = {"event": "upstream", "message_id": message["message_id"], "from": message["from"],
                 "category": message["category"], "data": data}
        print(json.dumps(event, separators=(",", ":")), flush=True)
        ack = self.Message()
        ack.append(ET.Element(GCM))
        ack.xml.find(GCM).text = json.dumps(
            {"to": message["from"], "message_id": message["message_id"], "message_type": "ack"})
        ack.send()
        self.acked.add((message["from"], message["message_id"], json.dumps(data, sort_keys=True)))
        if len(self.acked) == self.wanted:
            self.loop.create_task(self.leave())

    async def leave(self):
        # Messages may come right behind the bind; slixmpp keeps ACKs back until its session began,
        # and would end the stream before them.
        if not self.session_has_begun:
            await self.wait_until("session_start")
        self.disconnect(wait=10)

    def session_begins(self, _):
        self.session_has_begun = True

    def disconnect_seen(self, reason):
        if len(self.acked) < self.wanted:
            self.end(f"disconnected after {len(self.acked)} of {self.wanted} messages: {reason}")
        elif reason == "End of stream":
            self.end(None)
        else:
            self.end(f"the relay did not close its stream: {reason}")

    def end(self, failure):
        if not self.outcome.done():
            self.outcome.set_result(failure)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--host", "--ca", "--sender-id", "--api-key"):
        parser.add_argument(name, required=True)
    for name in ("--port", "--count"):
        parser.add_argument(name, required=True, type=int)
    options = parser.parse_args()
    client = AppServer(options)
    client.connect(options.host, options.port)
    sys.exit(client.loop.run_until_complete(client.outcome))


main()

"""An app server on slixmpp, an XMPP library that nobody here wrote: verified TLS, both directions.

Sends the requests of its command line, ACKs upstream messages and receipts, and stays until the
relay has announced draining and closed the stream. Only then it sends the request `--late`, and the
ACK of a message whose data has the key `hold`. Prints each frame that comes as a line of JSON,
`event` being its type, after a line that says it is connected: what the library is told to send
before that, it drops. Exits 0 when the stream was drained and every request had its answer.
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
        self.requests = [json.loads(request) for request in options.requests]
        self.late = json.loads(options.late) if options.late else None
        self.unanswered, self.held = set(), []
        self.is_draining, self.outcome = False, self.loop.create_future()
        frame = MatchXPath(f"{{jabber:client}}message/{GCM}")
        self.register_handler(Callback("frame", frame, self.receive))
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("failed_all_auth", lambda _: self.end("the login was refused"))
        self.add_event_handler("connection_failed", lambda why: self.end(f"no connection: {why}"))
        self.add_event_handler("disconnected", self.finish)

    def begin(self, _):
        self.report("connected", {})
        for request in self.requests:
            self.send_request(request)

    def receive(self, stanza):
        frame = json.loads(stanza.xml.find(GCM).text)
        is_error = stanza.xml.get("type") == "error"
        kind = "error" if is_error else frame.get("message_type", "upstream")
        self.report(kind, frame)
        if kind in ("upstream", "receipt"):
            if "hold" in frame["data"]:
                self.held.append(frame)
            else:
                self.acknowledge(frame)
        elif kind in ("ack", "nack"):
            self.unanswered.discard(frame["message_id"])
        elif frame.get("control_type") == "CONNECTION_DRAINING":
            self.drain()

    def drain(self):
        self.is_draining = True
        if self.late:
            self.send_request(self.late)
        for frame in self.held:
            self.acknowledge(frame)

    def send_request(self, request):
        self.unanswered.add(request["message_id"])
        self.post(request)

    def acknowledge(self, frame):
        self.post(
            {"to": frame["from"], "message_id": frame["message_id"], "message_type": "ack"})

    def post(self, frame):
        stanza = self.Message()
        stanza.append(ET.Element(GCM))
        stanza.xml.find(GCM).text = json.dumps(frame)
        stanza.send()

    def finish(self, reason):
        if not self.is_draining:
            self.end(f"disconnected without draining: {reason}")
        elif self.unanswered:
            self.end(f"no answer to {sorted(self.unanswered)}")
        else:
            self.end(None if reason == "End of stream" else f"the stream broke: {reason}")

    def end(self, failure):
        if not self.outcome.done():
            self.outcome.set_result(failure)

    @staticmethod
    def report(event, frame):
        print(json.dumps({"event": event, **frame}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--host", "--ca", "--sender-id", "--api-key"):
        parser.add_argument(name, required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--late", help="a request to send once the relay drains")
    parser.add_argument("requests", nargs="*", help="a downstream request in JSON")
    options = parser.parse_args()
    client = AppServer(options)
    client.connect(options.host, options.port)
    sys.exit(client.loop.run_until_complete(client.outcome))


main()

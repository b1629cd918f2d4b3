"""Logs in over TLS with Python's own checks: login.py HOST PORT SENDER_ID API_KEY.

Prints "logged in"; ends with 1 and the reason otherwise.
"""

import base64
import socket
import ssl
import sys


def main(host, port, sender, key):
    context = ssl.create_default_context()
    with socket.create_connection((host, int(port)), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname=host) as connection:
            login = base64.b64encode(f"\0{sender}@gcm.googleapis.com\0{key}".encode()).decode()
            connection.sendall(
                "<stream:stream to='gcm.googleapis.com' version='1.0' xmlns='jabber:client' "
                "xmlns:stream='http://etherx.jabber.org/streams'>"
                "<auth mechanism='PLAIN' xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                f"{login}</auth>".encode())
            heard = b""
            while b"<success" not in heard:
                read = connection.recv(4096)
                if not read:
                    sys.exit(f"the relay closed after: {heard!r}")
                heard += read
    print("logged in")


main(*sys.argv[1:])

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tests an app server that needs nothing but Java 17, with Java's own checks of the certificate:
 * gcm-relay exec --retry-first 200ms -- java ShopTest.java
 */
public final class ShopTest {
    /** The app server under test: ACKs every delivery, and books each order once. */
    static final class Shop implements Runnable {
        final CountDownLatch isReady = new CountDownLatch(1);
        final AtomicInteger deliveries = new AtomicInteger();
        final Map<String, String> orders = new LinkedHashMap<>();
        private final SSLSocket socket;

        Shop(String host, int port) throws IOException {
            socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket(host, port);
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }

        @Override public void run() {
            var login = "\0" + env("SENDER_ID") + "@gcm.googleapis.com\0" + env("API_KEY");
            try {
                open();
                write("<auth mechanism='PLAIN' xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                        + Base64.getEncoder().encodeToString(utf8(login)) + "</auth>");
                readThrough("<success[^>]*>");
                open();
                write("<iq type='set' id='b'>"
                        + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
                readThrough("</iq>");
                isReady.countDown();
                while (true) {
                    receive(readThrough("<message[^>]*><gcm[^>]*>(.*?)</gcm></message>").group(1));
                }
            } catch (IOException end) {
                System.err.println("the shop has ended: " + end.getMessage());
            }
        }

        /** An app server of yours reads XML and JSON by libraries. */
        private void receive(String order) throws IOException {
            var from = member(order, "from");
            var id = member(order, "message_id");
            deliveries.incrementAndGet();
            orders.put(from + " " + id, member(order, "parcel"));
            var ack = "{\"message_type\":\"ack\",\"to\":\"%s\",\"message_id\":\"%s\"}";
            write("<message id=''><gcm xmlns='google:mobile:data'>" + ack.formatted(from, id)
                    + "</gcm></message>");
        }

        private void open() throws IOException {
            write("<stream:stream to='gcm.googleapis.com' version='1.0' xmlns='jabber:client' "
                    + "xmlns:stream='http://etherx.jabber.org/streams'>");
            readThrough("</stream:features>");
        }

        private void write(String xml) throws IOException {
            socket.getOutputStream().write(utf8(xml));
            socket.getOutputStream().flush();
        }

        /** Reads to the end of what is wanted, and no further. */
        private Matcher readThrough(String wanted) throws IOException {
            var pattern = Pattern.compile(wanted, Pattern.DOTALL);
            var heard = new StringBuilder();
            while (true) {
                var next = socket.getInputStream().read();
                if (next < 0) throw new IOException("the relay closed after: " + heard);
                heard.append((char) next);
                if (next != '>') continue;
                var found = pattern.matcher(heard);
                if (found.find()) return found;
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        var shop = new Shop(env("HOST"), Integer.parseInt(env("PORT")));
        var running = new Thread(shop);
        running.setDaemon(true);
        running.start();
        expect(shop.isReady.await(60, TimeUnit.SECONDS), "the shop logs in");
        ask("/v1/faults", "{\"on\":\"upstream.ack\",\"do\":\"drop\",\"times\":1}");
        var state = Files.createTempDirectory("phone").resolve("state").toString();
        var phone = new ProcessBuilder("gcm-device", "send", "--state", state, "--timeout", "60s",
                "--id", "m-1", "--data", "parcel=17");
        expect(phone.inheritIO().start().waitFor() == 0, "the phone sends");
        var found = ask("/v1/messages/wait",
                "{\"match\":\"message_id=m-1 and state=settled\",\"timeout\":\"60s\"}");
        expect(!found.contains("\"attempts\":1,"), "the relay sends it again: " + found);
        expect(shop.deliveries.get() >= 2, "it comes twice");
        expect(List.copyOf(shop.orders.values()).equals(List.of("17")), "it is booked once");
        System.out.println("ok");
    }

    /** Asks the relay's admin API. */
    private static String ask(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(env("ADMIN_URL") + path))
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        expect(answer.statusCode() < 300, path + ": " + answer.body());
        return answer.body();
    }

    private static String member(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : "";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String env(String name) {
        return System.getenv("GCM_RELAY_" + name);
    }

    private static void expect(boolean isSo, String what) {
        if (!isSo) throw new AssertionError("expected: " + what);
    }
}

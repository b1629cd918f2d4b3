import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Logs in over TLS with Java's own checks: java LogIn.java HOST PORT SENDER_ID API_KEY.
 * Prints "logged in"; ends with 1 and the reason otherwise.
 */
public final class LogIn {
    public static void main(String[] arguments) throws Exception {
        var host = arguments[0];
        var port = Integer.parseInt(arguments[1]);
        var socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket(host, port);
        var parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();

        var login = "\0" + arguments[2] + "@gcm.googleapis.com\0" + arguments[3];
        var initial = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        var output = socket.getOutputStream();
        output.write(("<stream:stream to='gcm.googleapis.com' version='1.0' xmlns='jabber:client' "
                + "xmlns:stream='http://etherx.jabber.org/streams'>"
                + "<auth mechanism='PLAIN' xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                + initial + "</auth>").getBytes(StandardCharsets.UTF_8));
        output.flush();
        awaitText(socket.getInputStream(), "<success");
        System.out.println("logged in");
    }

    private static void awaitText(InputStream input, String wanted) throws Exception {
        var heard = new StringBuilder();
        while (heard.indexOf(wanted) < 0) {
            var next = input.read();
            if (next < 0) throw new IllegalStateException("the relay closed after: " + heard);
            heard.append((char) next);
        }
    }
}

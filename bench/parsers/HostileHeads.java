package dev.rr.bench;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Http1Head;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Counts how many heads of the table that the tests use ({@code refused-requests.txt}) Netty takes
 * of those that ours refuses: two servers in a row must not see two different requests in the same
 * bytes.
 */
public final class HostileHeads {
  private HostileHeads() {}

  /** Prints the counts, and the heads that Netty takes. */
  public static void main(String[] args) throws IOException {
    List<byte[]> heads =
        rows().stream()
            .map(row -> row.substring(0, row.lastIndexOf('|')))
            .map(row -> row.replace("~", "\r\n"))
            .filter(row -> row.contains("\r\n\r\n"))
            .map(row -> row.substring(0, row.indexOf("\r\n\r\n") + 4))
            .map(row -> row.getBytes(StandardCharsets.ISO_8859_1))
            .toList();
    List<byte[]> refused = heads.stream().filter(head -> !isTakenByUs(head)).toList();
    List<byte[]> nettys = refused.stream().filter(HostileHeads::isTakenByNetty).toList();
    System.out.println(
        "of " + refused.size() + " heads that rr refuses Netty takes " + nettys.size());
    for (byte[] head : nettys) {
      String text = new String(head, StandardCharsets.ISO_8859_1);
      System.out.println("  netty: " + text.replace("\r\n", "~"));
    }
  }

  private static List<String> rows() throws IOException {
    try (InputStream in =
        HostileHeads.class.getResourceAsStream("/dev/rr/testing/http/refused-requests.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#") && line.contains("|"))
          .toList();
    }
  }

  private static boolean isTakenByUs(byte[] head) {
    try {
      Http1Head unused = Http1Head.parse(head, 0, head.length, "http");
      return true;
    } catch (HttpFault | IndexOutOfBoundsException refused) {
      return false;
    }
  }

  private static boolean isTakenByNetty(byte[] head) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(head));
      return channel.readInbound() instanceof HttpMessage message
          && message.decoderResult().isSuccess();
    } finally {
      channel.finishAndReleaseAll();
    }
  }
}

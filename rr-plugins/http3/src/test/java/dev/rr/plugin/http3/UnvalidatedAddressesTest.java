package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnvalidatedAddressesTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.9", 443);
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4000);

  private final UnvalidatedAddresses addresses = new UnvalidatedAddresses();
  private final EmbeddedChannel udp = new EmbeddedChannel(addresses);

  @AfterEach
  void close() {
    udp.finishAndReleaseAll();
  }

  private boolean arrives(int bytes) {
    byte[] packet = new byte[bytes];
    packet[0] = (byte) 0xc0;
    packet[4] = 1;
    return udp.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(packet), SERVER, CLIENT));
  }

  private boolean goes(int bytes) {
    udp.releaseOutbound();
    return udp.writeOutbound(new DatagramPacket(Unpooled.wrappedBuffer(new byte[bytes]), CLIENT));
  }

  @Test
  void threeBytesGoOutForEachThatCameUntilTheConnectionHasBegun() {
    assertThat(arrives(1200)).isTrue();
    addresses.begin(CLIENT);
    assertThat(goes(1200)).isTrue();
    assertThat(goes(1200)).isTrue();
    assertThat(goes(1201)).isFalse();
    assertThat(goes(1200)).isTrue();
    assertThat(goes(1)).isFalse();
    assertThat(arrives(1200)).isTrue();
    assertThat(goes(3600)).isTrue();
    assertThat(goes(1)).isFalse();
    addresses.end(CLIENT);
    assertThat(goes(10_000)).isTrue();
  }

  @Test
  void connectionsOfOneAddressShareWhatItMayGet() {
    assertThat(arrives(1200)).isTrue();
    addresses.begin(CLIENT);
    assertThat(arrives(1200)).isTrue();
    addresses.begin(CLIENT);
    assertThat(goes(7200)).isTrue();
    assertThat(goes(1)).isFalse();
    addresses.end(CLIENT);
    assertThat(goes(1)).isFalse();
    addresses.end(CLIENT);
    assertThat(goes(1)).isTrue();
  }

  @Test
  void shortPacketsThatWouldBeginAConnectionAreDropped() {
    assertThat(arrives(1199)).isFalse();
    assertThat(arrives(5)).isFalse();
    assertThat(arrives(1200)).isTrue();
  }
}

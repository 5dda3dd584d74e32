package dev.rr.plugin.http.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FcgiRecordsTest {
  @Test
  void decodesRecordsHoweverTheBytesAreCut() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      ByteBuf wire = Unpooled.buffer();
      List<FcgiClient.Record> sent = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        byte[] content =
            new byte[random.nextBoolean() ? random.nextInt(20) : random.nextInt(65_536)];
        random.nextBytes(content);
        int padding = random.nextInt(3) == 0 ? random.nextInt(256) : 0;
        FcgiClient.Record record =
            new FcgiClient.Record(random.nextInt(256), random.nextInt(65_536), content);
        sent.add(record);
        int at = wire.writerIndex();
        FcgiRecords.header(wire, record.type(), record.id(), content.length);
        wire.setByte(at + 6, padding);
        wire.writeBytes(content).writeZero(padding);
      }
      FcgiRecords.Decoder decoder = new FcgiRecords.Decoder();
      List<FcgiClient.Record> got = new ArrayList<>();
      while (wire.isReadable()) {
        int count =
            Math.min(wire.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 9 : 70_000));
        decoder.read(
            wire.readSlice(count),
            (type, id, content) -> got.add(new FcgiClient.Record(type, id, content)));
      }
      assertThat(decoder.inRecord()).isFalse();
      assertThat(got).hasSameSizeAs(sent);
      for (int i = 0; i < got.size(); i++) {
        assertThat(got.get(i).type()).isEqualTo(sent.get(i).type());
        assertThat(got.get(i).id()).isEqualTo(sent.get(i).id());
        assertThat(Arrays.equals(got.get(i).content(), sent.get(i).content())).isTrue();
      }
    }
  }

  @Test
  void readsBackThePairsItWrites() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Map<String, String> sent = new LinkedHashMap<>();
      ByteBuf out = Unpooled.buffer();
      for (int i = random.nextInt(9); i > 0; i--) {
        String name = i + "n".repeat(random.nextInt(200));
        String value = "\u00e9".repeat(random.nextInt(300));
        sent.put(name, value);
        FcgiRecords.pair(out, name, value);
      }
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      assertThat(FcgiRecords.pairs(bytes)).isEqualTo(sent);
      if (bytes.length > 0) {
        byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
        if (!sent.isEmpty()) {
          assertThatThrownBy(() -> FcgiRecords.pairs(cut)).isInstanceOf(ProtocolException.class);
        }
      }
    }
  }
}

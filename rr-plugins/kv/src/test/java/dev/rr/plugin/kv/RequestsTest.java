package dev.rr.plugin.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestsTest {
  @Test
  void aValueThatIsAloneInItsArrayIsNotCopied() {
    byte[] value = {1, 2, 3};
    assertThat(Requests.bytes(UnsafeByteOperations.unsafeWrap(value))).isSameAs(value);
  }

  @Test
  void aPartOfAnArrayAndAValueInPiecesBecomeOne() {
    byte[] all = new byte[1_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    ByteString part = UnsafeByteOperations.unsafeWrap(all, 1, 998);
    assertThat(Requests.bytes(part)).hasSize(998).startsWith(1, 2).isEqualTo(part.toByteArray());
    ByteString pieces = ByteString.copyFrom(List.of(part, part, ByteString.copyFrom(all)));
    assertThat(Requests.bytes(pieces)).isEqualTo(pieces.toByteArray());
    assertThat(Requests.bytes(ByteString.EMPTY)).isEmpty();
  }
}

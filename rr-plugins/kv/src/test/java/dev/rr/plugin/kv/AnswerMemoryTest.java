package dev.rr.plugin.kv;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
  private final AnswerMemory memory = new AnswerMemory(100);

  @Test
  void callsShareItAndGiveBackWhatTheyTook() throws Exception {
    AnswerMemory.Share first = memory.share();
    first.take(60);
    AnswerMemory.Share second = memory.share();
    second.take(40);
    assertThatThrownBy(() -> second.take(1))
        .hasMessageStartingWith("values: no memory for 41 bytes")
        .hasMessageContaining("may take 100, a quarter of the heap");
    first.close();
    second.take(60);
    second.close();
    assertThatCode(() -> memory.share().take(100)).doesNotThrowAnyException();
  }

  /** A server may answer when the call was given up. */
  @Test
  void whatComesWhenTheCallIsOverIsRefusedAndTakesNothing() throws Exception {
    AnswerMemory.Share over = memory.share();
    over.take(50);
    over.close();
    over.close();
    assertThatThrownBy(() -> over.take(10)).hasMessageContaining("nobody waits for them");
    assertThatCode(() -> memory.share().take(100)).doesNotThrowAnyException();
  }
}

package dev.rr.plugin.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {
  @ParameterizedTest
  @ValueSource(strings = {"default", "a.b.c", "a.*", "*.b", "a.>", ">", "größe.1"})
  void aSubjectHasWordsWithDotsBetween(String subject) {
    assertThat(Subjects.isSubject(subject)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", "a.", "a b", "a.>.b", "a*", "a\tb"})
  void whatHasNotIsNone(String subject) {
    assertThat(Subjects.isSubject(subject)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a,a,true",
    "a,b,false",
    "a.*,a.b,true",
    "a.*,a,false",
    "a.*,a.b.c,false",
    "a.>,a.b.c,true",
    "a.>,a,false",
    ">,a.*,true",
    "*,>,false",
    "a.b,a.*,false",
    "a.*,a.*,true",
    "a.*,a.>,false",
    "a.>,a.>,true"
  })
  void aSubjectCoversAllThatItStandsFor(String wide, String narrow, boolean covers) {
    assertThat(Subjects.covers(wide, narrow)).isEqualTo(covers);
  }

  @Test
  void aConsumerIsCalledAfterItsPipelineInCharactersThatNatsTakes() {
    assertThat(Subjects.consumer("test-1")).isEqualTo("rr-test-1");
    assertThat(Subjects.consumer("a.b *")).matches("rr-a_b__-[0-9a-f]+");
    assertThat(Subjects.consumer("a.b")).isNotEqualTo(Subjects.consumer("a*b"));
    assertThat(Subjects.consumer("é".repeat(500))).hasSizeLessThan(130);
  }
}

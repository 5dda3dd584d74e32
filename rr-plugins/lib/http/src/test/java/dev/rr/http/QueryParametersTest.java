package dev.rr.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryParametersTest {
  @Test
  void valuesAreThoseOfTheNameInTheirOrder() {
    assertThat(QueryParameters.values("/?a=2&b=3&a=1&a=&aa=4&a", "a"))
        .containsExactly("2", "1", "");
  }

  @Test
  void thereAreNoneWithoutAQuery() {
    assertThat(QueryParameters.values("/a=1", "a")).isEmpty();
    assertThat(QueryParameters.values("/?", "a")).isEmpty();
  }

  @Test
  void escapesAndBytesAsTheyAreAreTheSameText() {
    assertThat(QueryParameters.values("/?a=%C3%A4+b&a=\u00c3\u00a4%20b", "a"))
        .containsExactly("ä b", "ä b");
  }

  @Test
  void aMalformedEscapeLeavesItsValueOut() {
    assertThat(QueryParameters.values("/?a=%zz&a=1&a=%4", "a")).containsExactly("1");
  }
}

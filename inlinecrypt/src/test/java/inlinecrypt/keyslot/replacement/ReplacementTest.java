package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplacementTest {
  @ParameterizedTest
  @EnumSource
  void everyNameIsFound(Replacement replacement) {
    assertThat(Replacement.named(replacement.label())).isEqualTo(replacement);
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Replacement.named("LRU"))
        .withMessage(
            "no replacement policy LRU; there are lru, fifo, clock, lfu, sieve, s3-fifo, 2q, arc,"
                + " w-tinylfu, belady");
  }

  @ParameterizedTest
  @EnumSource
  void everyCallMakesAPolicyOfItsOwn(Replacement replacement) {
    assertThat(replacement.policy(2, List.of())).isNotSameAs(replacement.policy(2, List.of()));
  }
}

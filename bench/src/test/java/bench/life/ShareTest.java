package bench.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShareTest {
  private final List<Integer> many = IntStream.range(0, 8000).boxed().toList();

  @Test
  void aboutOneInEightIsChosenInOrderAndTheSeedDecides() {
    List<Integer> share = Share.of(many, new SplittableRandom(1));
    assertThat(share).hasSizeBetween(900, 1100).isSorted().doesNotHaveDuplicates();
    assertThat(Share.of(many, new SplittableRandom(1))).isEqualTo(share);
    assertThat(Share.of(many, new SplittableRandom(2))).isNotEqualTo(share);
  }

  @Test
  void aShareOfFewHasOneAndOfNoneNone() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(Share.of(List.of("a", "b"), new SplittableRandom(seed))).isNotEmpty();
      assertThat(Share.of(List.of(), new SplittableRandom(seed))).isEmpty();
    }
  }
}

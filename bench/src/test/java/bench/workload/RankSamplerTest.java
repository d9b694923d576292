package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankSamplerTest {
  private static final int DRAWS = 200_000;

  /** Of what seed 7 means, on every machine. */
  private static final int HASH_OF_SEED_7 = -1478699042;

  private static long[] draws(String distribution, long places, long seed) {
    RankSampler sampler = Popularity.of(distribution).sampler(places);
    SeededStream random = new SeededStream(seed, 0);
    long[] draws = new long[DRAWS];
    for (int index = 0; index < DRAWS; index++) {
      draws[index] = sampler.next(random);
    }
    return draws;
  }

  private static double shareBelow(long[] draws, double place) {
    return (double) Arrays.stream(draws).filter(draw -> draw < place).count() / draws.length;
  }

  @ParameterizedTest
  @CsvSource({"0.5", "1", "1.1", "2.5"})
  void zipfDrawsEachRankInProportionToItsPower(double theta) {
    int places = 256;
    double sum = 0;
    for (int rank = 1; rank <= places; rank++) {
      sum += Math.pow(rank, -theta);
    }
    long[] draws = draws("zipf:" + theta, places, 1);
    for (int rank : new int[] {1, 2, 3, 10, 100}) {
      double expected = Math.pow(rank, -theta) / sum;
      double found = shareBelow(draws, rank) - shareBelow(draws, rank - 1);
      assertThat(found).as("rank %d", rank).isCloseTo(expected, within(0.004));
    }
  }

  /** Bins stand for single ranks beyond 32,768: the share of any prefix stays what it is. */
  @ParameterizedTest
  @ValueSource(longs = {10_000_000, 1L << 31})
  void zipfOverManyPlacesKeepsTheShareOfEachPrefix(long places) {
    long[] draws = draws("zipf:0.8", places, 2);
    for (long prefix : new long[] {1000, 100_000, 1_000_000, places / 2}) {
      // The integral of x^-0.8 up to n is 5 n^0.2, less 4.43 (zeta of 0.8) for the sum.
      double expected =
          (5 * Math.pow(prefix, 0.2) - 4.4375) / (5 * Math.pow((double) places, 0.2) - 4.4375);
      assertThat(shareBelow(draws, prefix)).isCloseTo(expected, within(0.006));
    }
  }

  @Test
  void paretoGivesTheShareOfItsNameToTheRest() {
    // 20 % of the places get 80 % of the I/Os, and 20 % of those again 80 % of these.
    long[] draws = draws("pareto:0.2", 1_000_000, 3);
    assertThat(shareBelow(draws, 200_000)).isCloseTo(0.8, within(0.005));
    assertThat(shareBelow(draws, 40_000)).isCloseTo(0.64, within(0.005));
  }

  @Test
  void normalIsAroundTheMiddle() {
    long[] draws = draws("normal:10", 1_000_000, 4);
    assertThat(shareBelow(draws, 500_000)).isCloseTo(0.5, within(0.005));
    assertThat(shareBelow(draws, 600_000) - shareBelow(draws, 400_000))
        .as("within one standard deviation")
        .isCloseTo(0.6827, within(0.005));
  }

  @Test
  void zonesGetWhatTheyAreGiven() {
    long[] draws = draws("zoned:60/10:30/20:10/70", 1000, 5);
    assertThat(shareBelow(draws, 100)).isCloseTo(0.6, within(0.005));
    assertThat(shareBelow(draws, 300)).isCloseTo(0.9, within(0.005));
    assertThat(shareBelow(draws, 650) - shareBelow(draws, 300)).isCloseTo(0.05, within(0.003));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"random", "zipf:1.1", "pareto:0.2", "normal:30", "zoned:1/99:99/1", "loop"})
  void drawsArePlacesForAnyNumberOfThem(String distribution) {
    for (long places : new long[] {1, 2, 3, 65_536, 65_537, 1_000_003}) {
      assertThat(Arrays.stream(draws(distribution, places, 6)))
          .allMatch(draw -> draw >= 0 && draw < places);
    }
  }

  @Test
  void aSeedDrawsTheSameAndAnotherDoesNot() {
    long[] draws = draws("zipf:1.1", 1000, 7);
    assertThat(draws("zipf:1.1", 1000, 7)).isEqualTo(draws);
    assertThat(draws("zipf:1.1", 1000, 8)).isNotEqualTo(draws);
    assertThat(Arrays.hashCode(draws)).isEqualTo(HASH_OF_SEED_7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zipf",
        "zipf:0",
        "zipf:x",
        "pareto:1",
        "normal:-1",
        "zoned:50/50",
        "zoned:50",
        "random:1",
        "poisson"
      })
  void whatIsNoDistributionIsRefusedWithItsText(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Popularity.of(text))
        .withMessageContaining(text);
  }
}

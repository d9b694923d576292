package bench.life;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProblemsTest {
  @Test
  void theFirstEightAreKeptAndACauseGoesBeforeThem() {
    Problems problems = new Problems();
    for (int i = 1; i <= 10; i++) {
      problems.add("problem " + i);
    }
    problems.addFirst("the cause");

    assertThat(problems.lines())
        .hasSize(9)
        .startsWith("the cause", "problem 1")
        .endsWith("problem 8");
  }
}

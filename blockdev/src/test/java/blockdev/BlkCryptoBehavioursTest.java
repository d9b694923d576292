package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the list of 90 behaviours of Linux's blk-crypto against the tests: each is the name of a
 * test that exists, in whatever module, or is listed as not applicable with its reason.
 *
 * <p>The list is in {@code src/test/resources/blk-crypto}, a line for each behaviour: number,
 * statement, and the tests, as {@code module/class#method}, or {@code n/a: reason}.
 */
class BlkCryptoBehavioursTest {
  private static final int COUNT = 90;
  private static final Path LIST = Path.of("src/test/resources/blk-crypto");
  private static final String NOT_APPLICABLE = "n/a: ";

  private static final Pattern TEST_ANNOTATION =
      Pattern.compile("^  @(Test|ParameterizedTest|RepeatedTest)\\b", Pattern.MULTILINE);

  record Behaviour(int number, String statement, String shownBy) {
    boolean isTested() {
      return !shownBy.startsWith(NOT_APPLICABLE);
    }

    @Override
    public String toString() {
      return number + ": " + statement;
    }
  }

  static List<Behaviour> behaviours() throws IOException {
    List<Behaviour> behaviours = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(LIST, "*.tsv")) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          String[] fields = line.split("\t", -1);
          assertThat(fields).as(file + ": " + line).hasSize(3);
          behaviours.add(new Behaviour(Integer.parseInt(fields[0]), fields[1], fields[2]));
        }
      }
    }
    behaviours.sort(Comparator.comparingInt(Behaviour::number));
    return behaviours;
  }

  static Stream<Behaviour> tested() throws IOException {
    return behaviours().stream().filter(Behaviour::isTested);
  }

  @Test
  void all90BehavioursAreListedOnce() throws IOException {
    assertThat(behaviours())
        .extracting(Behaviour::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, COUNT).boxed().toList());
  }

  @Test
  void whatIsNotApplicableHasItsReason() throws IOException {
    assertThat(behaviours().stream().filter(behaviour -> !behaviour.isTested()))
        .allSatisfy(behaviour ->
            assertThat(behaviour.shownBy().substring(NOT_APPLICABLE.length()))
                .as(behaviour.toString())
                .hasSizeGreaterThan(20));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tested")
  void theTestThatIsNamedExists(Behaviour behaviour) throws IOException {
    for (String test : behaviour.shownBy().split(" ")) {
      assertThat(test).matches("(inlinecrypt|blockdev|bench)/[\\w.]+#\\w+");
      String module = test.substring(0, test.indexOf('/'));
      String type = test.substring(test.indexOf('/') + 1, test.indexOf('#'));
      String method = test.substring(test.indexOf('#') + 1);
      Path source = Path.of("..", module, "src/test/java", type.replace('.', '/') + ".java");
      assertThat(source).as(behaviour.toString()).isRegularFile();
      assertThat(isTest(Files.readString(source), method)).as(behaviour + " in " + test).isTrue();
    }
  }

  /**
   * Whether the annotation of a test stands before {@code method}, without a blank line between.
   */
  private static boolean isTest(String source, String method) {
    int at = source.indexOf(" void " + method + "(");
    String before = source.substring(source.lastIndexOf("\n\n", at) + 1, Math.max(0, at));
    return at >= 0 && TEST_ANNOTATION.matcher(before).find();
  }
}

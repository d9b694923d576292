package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An oracle is worth something as long as nobody it judges shares its code. */
class ReferenceIndependenceTest {
  private static final Path SOURCES = Path.of("src/main/java/inlinecrypt");

  @Test
  void noOtherEngineUsesTheDefinitions() throws IOException {
    assertThat(filesNaming("engine", "import inlinecrypt.reference."))
        .allMatch(file -> file.startsWith("Reference"))
        .isNotEmpty();
  }

  @Test
  void theDefinitionsUseNoCipherOfAnybody() throws IOException {
    for (String stranger : List.of("inlinecrypt.engine", "org.bouncycastle", "javax.crypto")) {
      assertThat(filesNaming("reference", "import " + stranger)).isEmpty();
    }
  }

  private static List<String> filesNaming(String packageName, String text) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve(packageName))) {
      List<String> naming = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        if (Files.readString(file).contains(text)) {
          naming.add(file.getFileName().toString());
        }
      }
      return naming;
    }
  }
}

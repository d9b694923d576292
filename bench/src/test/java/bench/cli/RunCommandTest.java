package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bench.life.InputTree;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private Path input;

  @BeforeEach
  void writeInput() throws IOException {
    input = Files.createDirectory(directory.resolve("input"));
    InputTree.write(input, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"per-inode", "lightweight"})
  void whatHappenedIsPrintedAndNothingOnStderr(String strategy) {
    assertThat(run("--strategy", strategy, "--slots", "2", "--seed", "3")).isZero();
    assertThat(out.toString())
        .contains("10 files in 4 directories", "2 keyslots", "strategy " + strategy, "seed 3")
        .contains("verified         everything: ", " 0 mismatches", " 0 readable");
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100 || isPath(line));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theDeviceAndItsMediumAreNamedAsDeviceListNamesThem() {
    assertThat(run("--device", "emmc-cqhci", "--slots", "15", "--media", "emmc51", "--json"))
        .isZero();
    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(json.get("device").getAsString()).isEqualTo("emmc-cqhci-15");
    assertThat(json.get("media").getAsString()).isEqualTo("emmc51");
    assertThat(json.get("slots").getAsInt()).isEqualTo(15);
    assertThat(json.get("encryptedBy").getAsString()).isEqualTo("device");
  }

  private boolean isPath(String line) {
    return line.startsWith(input.toString());
  }

  @Test
  void jsonIsOneObjectAndNothingElse() {
    assertThat(run("--json", "--size", "64M")).isZero();
    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(json.get("verified").getAsBoolean()).isTrue();
    assertThat(json.get("deviceBytes").getAsLong()).isEqualTo(64 << 20);
    assertThat(json.has("sabotage")).isFalse();
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          flip-medium-bit   | predicted blocks are not what the medium holds
          file-relative-dun | predicted blocks are not what the medium holds
          keep-key          | files can be read after the key was removed
          """)
  void aSabotageIsExitCode1AndSaysWhatWasNoticed(String sabotage, String message) {
    assertThat(run("--sabotage", sabotage, "--json")).isEqualTo(1);
    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(json.get("verified").getAsBoolean()).isFalse();
    assertThat(json.get("sabotage").getAsString()).isEqualTo(sabotage);
    assertThat(json.getAsJsonArray("problems").get(0).getAsString()).contains(message);
    assertThat(err.toString()).startsWith("inlinecrypt: not verified: ").contains(message);
    assertThat(err.toString().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | --input=/no/such/dir         | no such directory: /no/such/dir
          2 | --engine=enigma              | --engine: no engine is named "enigma"; there are
          2 | --strategy=heavy             | --strategy: no strategy heavy; there are per-inode,
          2 | --sabotage=rot               | --sabotage: no sabotage rot; there are flip-medium-bit,
          2 | --device=floppy              | --device: no device floppy; there are ideal, ufs-std[-N]
          2 | --media=tape                 | --media: no medium tape; there are emmc51, ufs21, ufs30
          2 | --slots=-1                   | --slots must be from 0 to 65535, is -1
          2 | --slots=many                 | Invalid value for option '--slots': 'many' is not an int
          2 | --size=0                     | --size must be a positive multiple of 4096, is 0
          2 | --size=100000                | --size must be a positive multiple of 4096, is 100000
          2 | --size=-4096                 | Invalid value for option '--size'
          2 | --size=8Z                    | Invalid value for option '--size'
          2 | --size=9000000T              | Invalid value for option '--size'
          1 | --size=4096                  | a filesystem needs at least 2097152 bytes, the device has
          1 | --size=8000000T              | there is no memory for a device of 8796093022208000000
          2 | --seed=x                     | Invalid value for option '--seed': 'x' is not a long
          2 | --image=/                    | --image / exists already
          1 | --image=/no/such/dir/image   | /no/such/dir/image: no such directory: /no/such/dir
          """)
  void badInputIsOneLineAndNothingIsWritten(int exitCode, String option, String message)
      throws IOException {
    List<Path> before = everything();
    assertThat(run(option)).isEqualTo(exitCode);
    assertThat(err.toString()).startsWith("inlinecrypt: " + message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aSabotageThatBreaksNothingWithAStrategyIsAUsageError() {
    assertThat(run("--strategy", "per-inode", "--sabotage", "file-relative-dun")).isEqualTo(2);
    assertThat(err.toString()).contains("breaks nothing with per-inode");
  }

  @Test
  void whatKeyPerIoCannotDoIsAUsageError() throws IOException {
    String image = directory.resolve("image").toString();
    assertThat(run("--device", "nvme-kpio-256", "--image", image)).isEqualTo(2);
    assertThat(err.toString()).contains("two namespaces");
    assertThat(run("--device", "nvme-kpio", "--sabotage", "file-relative-dun")).isEqualTo(2);
    assertThat(err.toString()).contains("breaks nothing on nvme-kpio-256");
  }

  @Test
  void aDirectoryWithoutFilesIsNoInput() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(run("--input", empty.toString())).isEqualTo(2);
    assertThat(err).hasToString("inlinecrypt: --input: no regular file in " + empty + "\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aDeviceThatIsTooSmallIsToldWhichSizeWouldSuffice() throws IOException {
    Files.write(input.resolve("large"), new byte[4 << 20]);
    assertThat(run("--size", "4M")).isEqualTo(1);
    String message = err.toString();
    assertThat(message).contains("(ENOSPC); --size is 4194304, and ").endsWith(" would suffice\n");
    String enough = message.replaceAll("(?s).*and (\\d+) would suffice.*", "$1");
    assertThat(run("--size", enough)).isZero();
  }

  @Test
  void aFileIsNoInput() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThat(run("--input", file.toString())).isEqualTo(2);
    assertThat(err).hasToString("inlinecrypt: no such directory: " + file + "\n");
  }

  @Test
  void anImageThatExistsStaysAsItIs() throws IOException {
    Path image = Files.writeString(directory.resolve("image"), "precious");
    assertThat(run("--image", image.toString())).isEqualTo(2);
    assertThat(err).hasToString("inlinecrypt: --image " + image + " exists already\n");
    assertThat(image).hasContent("precious");
  }

  @Test
  void aDanglingLinkIsNotWrittenThrough() throws IOException {
    Path target = directory.resolve("target");
    Path image = Files.createSymbolicLink(directory.resolve("image"), target);
    assertThat(run("--image", image.toString())).isNotZero();
    assertThat(err.toString().lines()).singleElement().asString().contains("exists already");
    assertThat(target).doesNotExist();
  }

  @Test
  void aFailedRunLeavesNeitherImageNorKey() throws IOException {
    List<Path> before = everything();
    String image = directory.resolve("image").toString();
    assertThat(run("--image", image, "--sabotage", "keep-key")).isEqualTo(1);
    assertThat(run("--image", image, "--size", "4096")).isEqualTo(1);
    assertThat(everything()).isEqualTo(before);
  }

  private List<Path> everything() throws IOException {
    try (var paths = Files.walk(directory)) {
      return paths.sorted().toList();
    }
  }

  private int run(String... options) {
    List<String> all = new ArrayList<>(List.of("run"));
    if (List.of(options).stream().noneMatch(option -> option.startsWith("--input"))) {
      all.add("--input=" + input);
    }
    all.addAll(List.of(options));
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}

package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bench.life.InputTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCommandTest {
  @TempDir private static Path directory;

  private static Path input;
  private static Path image;
  private static Path key;
  private static byte[] imageBytes = {};

  @TempDir private Path scratch;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void makeImage() throws IOException {
    input = Files.createDirectory(directory.resolve("input"));
    InputTree.write(input, 1);
    image = directory.resolve("image");
    key = directory.resolve("image.key");
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .execute("run", "--input=" + input, "--image=" + image, "--size=4M");
    assertThat(exitCode).isZero();
    imageBytes = Files.readAllBytes(image);
  }

  @Test
  void theImageIsTheDeviceAndItsKeyIsForItsOwnerOnly() throws IOException {
    assertThat(image).hasSize(4 << 20);
    assertThat(key).hasSize(64);
    assertThat(Files.getPosixFilePermissions(key)).hasToString("[OWNER_READ, OWNER_WRITE]");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactlyInAnyOrder(input, image, key);
    }
  }

  @Test
  void theImageHoldsNeitherItsKeyNorPlaintext() throws IOException {
    byte[] plaintext = Files.readAllBytes(input.resolve("nested/deeper/300000"));
    String medium = latin1(imageBytes);
    assertThat(medium).doesNotContain(latin1(Files.readAllBytes(key)).substring(0, 16));
    assertThat(medium).doesNotContain(latin1(plaintext).substring(0, 16));
  }

  @Test
  void lsNamesEveryFileWithItsSize() throws IOException {
    assertThat(execute("ls", image.toString())).isZero();
    List<String> lines = out.toString().lines().map(String::strip).toList();
    try (Stream<Path> files = files()) {
      assertThat(lines)
          .containsAll(
              files
                  .map(file ->
                      String.format(
                          Locale.ROOT, "%,d  /%s", file.toFile().length(), input.relativize(file)))
                  .toList());
    }
    assertThat(lines).contains("/nested/deeper/", "/empty directory/");
    assertThat(err.toString()).isEmpty();
    assertImageUntouched();
  }

  @Test
  void lsOfADirectoryNamesWhatIsBelowIt() throws IOException {
    assertThat(execute("ls", image.toString(), "/nested")).isZero();
    assertThat(out.toString().lines().map(String::strip))
        .containsExactly(
            "20,000  /nested/20000",
            "/nested/deeper/",
            "300,000  /nested/deeper/300000",
            "4,097  /nested/deeper/4097");
    assertImageUntouched();
  }

  @Test
  void getPrintsEveryFileByteForByte() throws IOException {
    try (Stream<Path> files = files()) {
      for (Path file : files.toList()) {
        byte[] printed = get("/" + input.relativize(file), key);
        assertThat(printed).as(file.toString()).isEqualTo(Files.readAllBytes(file));
      }
    }
    assertThat(err.toString()).isEmpty();
    assertImageUntouched();
  }

  @Test
  void aWrongKeyIsOneLineThatNamesIt() throws IOException {
    Path wrong = Files.write(scratch.resolve("wrong"), new byte[64]);
    assertThat(get("/4096", wrong)).isEmpty();
    assertOneLine(wrong + " holds master key ", "which is not the file's", "ENOKEY");
    assertImageUntouched();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 65, 100_000})
  void aKeyThatIsTooShortOrTooLongIsOneLine(int bytes) throws IOException {
    Path odd = Files.write(scratch.resolve("odd"), new byte[bytes]);
    assertThat(get("/4096", odd)).isEmpty();
    assertOneLine(odd + ": ", "EINVAL");
    assertImageUntouched();
  }

  @Test
  void aMissingKeyFileIsOneLine() throws IOException {
    assertThat(get("/4096", scratch.resolve("nokey"))).isEmpty();
    assertOneLine("no such key file: " + scratch.resolve("nokey"));
    err.getBuffer().setLength(0);
    assertThat(get("/4096", scratch)).isEmpty();
    assertOneLine(scratch + " is a directory, not a key file");
  }

  @ParameterizedTest
  @CsvSource({"/nowhere, ENOENT", "/nested, EISDIR", "/4096/x, ENOTDIR", "4096, EINVAL"})
  void aPathThatIsNoFileIsOneLine(String path, String errno) throws IOException {
    assertThat(get(path, key)).isEmpty();
    assertOneLine(image + ": ", errno);
    assertImageUntouched();
  }

  @Test
  void aMissingImageIsOneLineAndIsNotMade() {
    Path missing = scratch.resolve("missing");
    assertThat(execute("ls", missing.toString())).isEqualTo(1);
    assertOneLine(missing + ": no such image file");
    assertThat(missing).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "0, multiple of 4096",
    "1000, multiple of 4096",
    "4096, was truncated",
    "2097152, was truncated"
  })
  void aTruncatedImageIsOneLine(int bytes, String message) throws IOException {
    refused(Arrays.copyOf(imageBytes, bytes), message);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 7, 8, 12, 16, 24, 32, 36, 40, 48, 1000, 4091, 4095}) // fields, zeros, checksum
  void aFlippedByteInTheSuperblockIsOneLine(int at) throws IOException {
    byte[] damaged = imageBytes.clone();
    damaged[at] ^= 0x40;
    refused(damaged, "EUCLEAN");
  }

  @Test
  void whatIsNoFilesystemOfOursIsOneLine() throws IOException {
    refused(new byte[1 << 20], "EUCLEAN");
  }

  /** Neither command takes it, each says why in one line, and it stays as it is. */
  private void refused(byte[] bytes, String message) throws IOException {
    Path other = Files.write(scratch.resolve("other"), bytes);
    assertThat(execute("ls", other.toString())).isEqualTo(1);
    assertOneLine(other + ": ", message);
    err.getBuffer().setLength(0);
    assertThat(execute("get", other.toString(), "/4096", "--key=" + key)).isEqualTo(1);
    assertOneLine(other + ": ", message);
    assertThat(out.toString()).isEmpty();
    assertThat(Files.readAllBytes(other)).isEqualTo(bytes);
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).containsExactly(other);
    }
  }

  /** The regular files of the input: symbolic links are not in the image. */
  private static Stream<Path> files() throws IOException {
    return Files.walk(input).filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
  }

  private void assertOneLine(String start, String... parts) {
    assertThat(err.toString()).startsWith("inlinecrypt: " + start);
    assertThat(List.of(parts)).allSatisfy(part -> assertThat(err.toString()).contains(part));
    assertThat(err.toString().lines()).hasSize(1);
  }

  private static void assertImageUntouched() throws IOException {
    assertThat(Files.readAllBytes(image)).isEqualTo(imageBytes);
  }

  /** What {@code image get} writes to the standard output. */
  private byte[] get(String path, Path keyFile) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream usual = System.out;
    System.setOut(new PrintStream(bytes, false, StandardCharsets.UTF_8));
    try {
      int exitCode = execute("get", image.toString(), path, "--key=" + keyFile);
      assertThat(exitCode).isEqualTo(err.toString().isEmpty() ? 0 : 1);
    } finally {
      System.setOut(usual);
    }
    return bytes.toByteArray();
  }

  private int execute(String... arguments) {
    List<String> all = Stream.concat(Stream.of("image"), Stream.of(arguments)).toList();
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

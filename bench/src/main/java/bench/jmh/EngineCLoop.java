package bench.jmh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The same work in C: a loop over libcrypto, compiled here and now with gcc, that {@link
 * EngineSuite} compares the engines with.
 */
final class EngineCLoop implements AutoCloseable {
  /** Bytes per second of one data unit size, in the best slice. */
  record Speed(
      double encryptBytesPerSecond,
      double decryptBytesPerSecond,
      double chacha20BytesPerSecond,
      double poly1305BytesPerSecond) {
    /** What a pass of ChaCha20 and one of Poly1305 reach together. */
    double chacha20AndPoly1305BytesPerSecond() {
      return 1 / (1 / chacha20BytesPerSecond + 1 / poly1305BytesPerSecond);
    }

    /** The better of both, figure by figure. */
    Speed best(Speed other) {
      return new Speed(
          Math.max(encryptBytesPerSecond, other.encryptBytesPerSecond),
          Math.max(decryptBytesPerSecond, other.decryptBytesPerSecond),
          Math.max(chacha20BytesPerSecond, other.chacha20BytesPerSecond),
          Math.max(poly1305BytesPerSecond, other.poly1305BytesPerSecond));
    }
  }

  private static final String SOURCE = "libcrypto-loop.c";

  private final Path directory;
  private final Path program;

  private EngineCLoop(Path directory, Path program) {
    this.directory = directory;
    this.program = program;
  }

  /** Compiles the loop; empty if there is no gcc, or no libcrypto that it can link. */
  static Optional<EngineCLoop> compile() {
    try {
      Path directory = Files.createTempDirectory("inlinecrypt-c-loop");
      EngineCLoop loop = new EngineCLoop(directory, directory.resolve("loop"));
      if (loop.gcc()) {
        return Optional.of(loop);
      }
      loop.close();
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the loop in three slices of {@code sliceSeconds} per direction and size. */
  Map<Integer, Speed> run(double sliceSeconds, List<Integer> dataUnitSizesBytes) {
    List<String> command =
        new ArrayList<>(List.of(program.toString(), String.valueOf(sliceSeconds)));
    dataUnitSizesBytes.forEach(size -> command.add(String.valueOf(size)));
    Map<Integer, Speed> speeds = new TreeMap<>();
    for (String line : output(command).lines().toList()) {
      String[] fields = line.split(" ");
      speeds.put(
          Integer.valueOf(fields[0]),
          new Speed(
              Double.parseDouble(fields[1]),
              Double.parseDouble(fields[2]),
              Double.parseDouble(fields[3]),
              Double.parseDouble(fields[4])));
    }
    return speeds;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(program);
      Files.deleteIfExists(directory.resolve(SOURCE));
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean gcc() throws IOException {
    Path source = directory.resolve(SOURCE);
    try (InputStream resource =
        Objects.requireNonNull(EngineCLoop.class.getResourceAsStream(SOURCE), SOURCE)) {
      Files.copy(resource, source);
    }
    ProcessBuilder gcc =
        new ProcessBuilder(
            "gcc", "-O2", "-o", program.toString(), source.toString(), "-l:libcrypto.so.3");
    try {
      return exitCode(gcc.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD))
          == 0;
    } catch (IOException e) {
      return false; // there is no gcc to start
    }
  }

  private static String output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int exitCode = waitFor(process);
      if (exitCode != 0) {
        throw new IllegalStateException(command + " failed with exit code " + exitCode);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int exitCode(ProcessBuilder builder) throws IOException {
    return waitFor(builder.start());
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + process, e);
    }
  }
}

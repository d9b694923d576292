package inlinecrypt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A program in a JVM of its own whose memory is searched for secrets, the heap with all its garbage
 * and everything else that can be written to: its collector never collects and never moves (Epsilon
 * GC), so that what was not wiped is still there.
 *
 * <p>Whenever the program prints a line it is searched, and waits for one.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int PIECE_BYTES = 16; // what is looked for; secrets have multiples of it
  private static final int PAGE_BYTES = 4096;
  private static final int CHUNK_BYTES = 1 << 22;
  private static final byte[] ZEROS = new byte[PAGE_BYTES + PIECE_BYTES - 1];

  private final Process process;
  private final BufferedReader said;

  private ChildProcess(Process process) {
    this.process = process;
    said = process.inputReader();
  }

  /** Starts {@code main}; a machine on which its memory cannot be looked at skips the test. */
  public static ChildProcess start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:+UseEpsilonGC",
                "-XX:EpsilonMinHeapExpand=8m", // no more to search than is used
                "-Xms8m",
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ChildProcess child =
        new ChildProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    assumeTrue(child.isOpenToUs(), "the system does not let a parent look at its child");
    return child;
  }

  private boolean isOpenToUs() {
    try (RandomAccessFile _ = new RandomAccessFile(memory().toFile(), "r")) {
      return true;
    } catch (IOException notAllowed) {
      return false;
    }
  }

  /** Waits until the program says {@code line}. */
  public void await(String line) throws IOException {
    String first = said.readLine();
    assumeFalse(first != null && first.contains("Epsilon"), "this JVM has no Epsilon GC");
    assertThat(first).isEqualTo(line);
  }

  /** Lets the program go on. */
  public void goOn() throws IOException {
    process.outputWriter().write("\n");
    process.outputWriter().flush();
  }

  /** What the program calls to be searched. */
  public static void sayAndWait(String line) throws IOException {
    System.out.println(line);
    int answer = System.in.read();
    assert answer == '\n' : answer;
  }

  /**
   * The names of those secrets that are in the program's memory, at least {@value #PIECE_BYTES}
   * bytes of them, as they are or as big-endian words.
   */
  public Set<String> secretsFound(Map<String, byte[]> secrets) throws IOException {
    Map<Long, List<Piece>> pieces = new HashMap<>();
    secrets.forEach((name, bytes) -> {
      for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
        for (int swap : new int[] {0, 3}) {
          Piece piece = Piece.of(name, bytes, at, swap);
          pieces.computeIfAbsent(piece.first8Bytes, first -> new ArrayList<>()).add(piece);
        }
      }
    });
    boolean[] begins = new boolean[1 << 16];
    pieces.keySet().forEach(first -> begins[(int) (first & 0xffff)] = true);
    Set<String> found = new TreeSet<>();
    try (RandomAccessFile memory = new RandomAccessFile(memory().toFile(), "r")) {
      for (String region : Files.readAllLines(proc("maps"))) {
        if (region.contains(" rw")) {
          search(memory, region, pieces, begins, found);
        }
      }
    }
    return found;
  }

  private static void search(
      RandomAccessFile memory,
      String region,
      Map<Long, List<Piece>> pieces,
      boolean[] begins,
      Set<String> found)
      throws IOException {
    String[] range = region.substring(0, region.indexOf(' ')).split("-");
    long end = Long.parseLong(range[1], 16);
    byte[] bytes = new byte[CHUNK_BYTES];
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int step = CHUNK_BYTES - PIECE_BYTES + 1;
    for (long from = Long.parseLong(range[0], 16); from < end; from += step) {
      int length = (int) Math.min(CHUNK_BYTES, end - from);
      memory.seek(from);
      memory.readFully(bytes, 0, length);
      for (int page = 0; page < length; page += PAGE_BYTES) {
        int last = Math.min(page + PAGE_BYTES, length - PIECE_BYTES + 1);
        if (isZero(bytes, page, Math.min(page + ZEROS.length, length))) {
          continue; // most of the memory, and no secret begins here
        }
        for (int at = page; at < last; at++) {
          if (begins[bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8]) {
            for (Piece piece : pieces.getOrDefault(words.getLong(at), List.of())) {
              if (piece.last8Bytes == words.getLong(at + Long.BYTES)) {
                found.add(piece.secret);
              }
            }
          }
        }
      }
    }
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    return Arrays.equals(bytes, from, to, ZEROS, 0, to - from);
  }

  private Path memory() {
    return proc("mem");
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private record Piece(String secret, long first8Bytes, long last8Bytes) {
    /**
     * @param swap 3 to turn round each word of four bytes, 0 not to
     */
    static Piece of(String secret, byte[] bytes, int at, int swap) {
      return new Piece(secret, word(bytes, at, swap), word(bytes, at + Long.BYTES, swap));
    }

    private static long word(byte[] bytes, int at, int swap) {
      long word = 0;
      for (int i = Long.BYTES - 1; i >= 0; i--) {
        word = word << Byte.SIZE | bytes[at + (i ^ swap)] & 0xff;
      }
      return word;
    }
  }
}

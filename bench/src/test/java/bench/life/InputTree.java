package bench.life;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A small directory with what is awkward in directories, its contents drawn from a seed. */
public final class InputTree {
  /** Regular files in it that {@link #write} always makes. */
  public static final int FILES = 10;

  public static final int DIRECTORIES = 4;
  public static final int LINKS = 2;

  /** Bytes of all of them. */
  public static final long BYTES = 1 + 4095 + 4096 + 4097 + 300_000 + 20_000 + 5 + 2 + 3;

  private InputTree() {}

  /** Makes the tree below {@code root}, which exists and is empty. */
  public static void write(Path root, long seed) throws IOException {
    Random random = new Random(seed);
    Path nested = Files.createDirectories(root.resolve("nested/deeper"));
    Files.createDirectory(root.resolve("empty directory"));
    Files.createDirectory(root.resolve(".copies"));
    file(root.resolve("0"), 0, random);
    file(root.resolve("1"), 1, random);
    file(root.resolve("4095"), 4095, random);
    file(root.resolve("4096"), 4096, random);
    file(nested.resolve("4097"), 4097, random);
    file(nested.resolve("300000"), 300_000, random);
    file(root.resolve("nested/20000"), 20_000, random);
    file(root.resolve(".copies/0"), 5, random);
    file(root.resolve(name("Ünïcödé 日本 \uD83D\uDD11", "plain")), 2, random);
    file(root.resolve(" -- \\ %s \"'"), 3, random);
    Files.createSymbolicLink(root.resolve("link"), Path.of("4096"));
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
  }

  private static void file(Path path, int bytes, Random random) throws IOException {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    Files.write(path, content);
  }

  /** Java can only make the names that its start-up locale has. */
  private static String name(String wanted, String otherwise) {
    boolean possible =
        Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(wanted);
    return possible ? wanted : otherwise;
  }
}

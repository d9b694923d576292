package bench.cli;

import blockdev.fs.FileSystem;
import blockdev.fs.FsException;
import blockdev.fs.OpenFile;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code image get}: the contents of one file, decrypted, on the standard output. */
@Command(name = "get", description = "Print a file of an image, decrypted, on the standard output.")
final class ImageGetCommand implements Runnable {
  private static final int MAX_KEY_BYTES = 64;
  private static final int BUFFER_BYTES = 1 << 20;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image file.")
  private Path image;

  @Parameters(index = "1", paramLabel = "PATH", description = "A file in it, such as /a/b.")
  private String path;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "The raw master key, 16 to 64 bytes; run --image leaves it in IMAGE.key.")
  private Path keyFile = Path.of("");

  @Override
  public void run() {
    MountedImage.use(
        image,
        fs -> {
          KeyIdentifier identifier = addKey(fs);
          try (OpenFile file = fs.open(path)) {
            print(file);
          } catch (FsException e) {
            if (e.errno() != Errno.ENOKEY) {
              throw e;
            }
            throw CliException.failure(
                keyFile
                    + " holds master key "
                    + identifier
                    + ", which is not the file's: "
                    + e.getMessage(),
                e);
          }
        });
  }

  private KeyIdentifier addKey(FileSystem fs) throws IOException {
    if (Files.isDirectory(keyFile)) {
      throw CliException.failure(keyFile + " is a directory, not a key file");
    }
    byte[] key = new byte[MAX_KEY_BYTES + 1];
    try (var in = Files.newInputStream(keyFile)) {
      byte[] exact = Arrays.copyOf(key, in.readNBytes(key, 0, key.length));
      try {
        return fs.addKey(exact);
      } catch (FsException e) {
        throw CliException.failure(keyFile + ": " + e.getMessage(), e);
      } finally {
        Arrays.fill(exact, (byte) 0);
      }
    } catch (NoSuchFileException e) {
      throw CliException.failure("no such key file: " + keyFile, e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static void print(OpenFile file) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    OutputStream out = System.out;
    for (long at = 0; at < file.sizeBytes(); ) {
      int count = (int) file.read(at, MemorySegment.ofArray(buffer));
      out.write(buffer, 0, count);
      at += count;
    }
    out.flush();
    if (System.out.checkError()) {
      throw new IOException("cannot write to the standard output");
    }
  }
}

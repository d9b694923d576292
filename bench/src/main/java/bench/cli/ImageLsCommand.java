package bench.cli;

import blockdev.fs.DirectoryEntry;
import blockdev.fs.FileSystem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code image ls}: the tree of names with the sizes of files. Names need no key. */
@Command(
    name = "ls",
    description =
        "List a directory of an image and everything below it, with sizes in bytes; needs no key.")
final class ImageLsCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image file.")
  private Path image;

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "A directory in it; default: ${DEFAULT-VALUE}.")
  private String path;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    MountedImage.use(image, fs -> list(fs, path, out));
    out.flush();
  }

  private static void list(FileSystem fs, String directory, PrintWriter out) {
    String prefix = directory.endsWith("/") ? directory : directory + "/";
    for (DirectoryEntry entry : fs.list(directory)) {
      String child = prefix + entry.name();
      if (entry.isDirectory()) {
        out.printf(Locale.ROOT, "%14s  %s/%n", "", child);
        list(fs, child, out);
      } else {
        out.printf(Locale.ROOT, "%,14d  %s%n", entry.sizeBytes(), child);
      }
    }
  }
}

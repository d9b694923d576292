package bench.cli;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fs.FileSystem;
import blockdev.fs.FsException;
import blockdev.fs.MountOptions;
import blockdev.media.FileMedium;
import java.io.IOException;
import java.nio.file.Path;

/** A filesystem in an image file, mounted read-only for the time of one command. */
final class MountedImage {
  /** What a command does with the filesystem. */
  interface Action {
    void with(FileSystem fs) throws IOException;
  }

  private MountedImage() {}

  /**
   * Mounts the image, does {@code action}, and unmounts. No byte of the image changes.
   *
   * @throws CliException one line that names the image, whatever fails
   */
  static void use(Path image, Action action) {
    try (FileMedium medium = FileMedium.openReadOnly(image);
        Simulation simulation = new Simulation(SimulationConfig.defaults(), medium);
        FileSystem fs =
            FileSystem.mount(
                simulation.queue(), simulation.blkCrypto(), MountOptions.secure().asReadOnly())) {
      action.with(fs);
    } catch (FsException e) {
      throw CliException.failure(image + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw CliException.failure(e);
    }
  }
}

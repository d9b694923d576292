package bench.life;

import blockdev.fs.FsException;
import blockdev.media.FileMedium;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Runs the {@link MainJob} on a medium in memory, or on one in an image file that stays.
 *
 * <p>A device that is not kept has a master key that follows from the seed. An image has a random
 * one, which is left beside it in {@code FILE.key}, readable by its owner; both appear when the run
 * has ended, and neither if it failed.
 */
public final class LifeRun {
  /** A device has a multiple of this. */
  public static final long BLOCK_BYTES = 4096;

  private static final int MASTER_KEY_BYTES = 64;
  private static final long SPARE_BYTES = 64L << 20;
  private static final long METADATA_BYTES_FOR_EACH_FILE = 32 << 10;

  private LifeRun() {}

  /**
   * @param wallNs the wall clock, for throughput
   * @throws IOException if the input cannot be read, or the image not be written
   * @throws FsException if the device is too small
   */
  public static LifeReport run(LifeOptions options, LongSupplier wallNs, Progress progress)
      throws IOException {
    InputFiles input = InputFiles.below(options.input());
    LifeOptions sized =
        options.deviceBytes() == LifeOptions.ENOUGH
            ? options.withDeviceBytes(enoughBytes(input))
            : options;
    Path image = options.image();
    return image == null
        ? inMemory(sized, input, wallNs, progress)
        : inImage(image, sized, input, wallNs, progress);
  }

  /**
   * The size of {@link LifeOptions#ENOUGH}, for those who asked for less.
   *
   * @throws IOException if the input cannot be read
   */
  public static long enoughBytes(Path input) throws IOException {
    return enoughBytes(InputFiles.below(input));
  }

  /** Room for the files, as much again for copies and relocation, and for metadata. */
  private static long enoughBytes(InputFiles input) {
    long bytes =
        2 * input.blockBytes((int) BLOCK_BYTES)
            + METADATA_BYTES_FOR_EACH_FILE * (input.files().size() + input.directories().size())
            + SPARE_BYTES;
    return Math.ceilDiv(bytes, BLOCK_BYTES) * BLOCK_BYTES;
  }

  private static LifeReport inMemory(
      LifeOptions options, InputFiles input, LongSupplier wallNs, Progress progress)
      throws IOException {
    byte[] masterKey = keyFromSeed(options.seed());
    try (Medium medium = mediumInMemory(options.deviceBytes())) {
      return MainJob.run(options, input, medium, masterKey, wallNs, progress);
    } finally {
      Arrays.fill(masterKey, (byte) 0);
    }
  }

  private static Medium mediumInMemory(long bytes) throws IOException {
    try {
      return new MemoryMedium(bytes);
    } catch (OutOfMemoryError e) {
      throw new IOException("there is no memory for a device of " + bytes + " bytes", e);
    }
  }

  private static LifeReport inImage(
      Path image, LifeOptions options, InputFiles input, LongSupplier wallNs, Progress progress)
      throws IOException {
    Path keyFile = image.resolveSibling(image.getFileName() + ".key");
    if (Files.exists(keyFile)) {
      throw new FileAlreadyExistsException(
          keyFile.toString(), null, "exists already, and is not overwritten");
    }
    byte[] masterKey = new byte[MASTER_KEY_BYTES];
    new SecureRandom().nextBytes(masterKey);
    try (FileMedium medium = FileMedium.create(image, options.deviceBytes())) {
      LifeReport report = MainJob.run(options, input, medium, masterKey, wallNs, progress);
      if (report.verified()) {
        medium.publishWith(keyFile, masterKey);
      }
      return report;
    } finally {
      Arrays.fill(masterKey, (byte) 0);
    }
  }

  private static byte[] keyFromSeed(long seed) {
    try {
      return MessageDigest.getInstance("SHA-512")
          .digest(("inlinecrypt master key " + seed).getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-512", e);
    }
  }
}

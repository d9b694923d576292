package bench.life;

import blockdev.fs.ExtentView;
import inlinecrypt.fscrypt.IndependentDerivation;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Nonce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Says what must lie on the medium, from master key, nonce and block number alone, and looks: the
 * medium is read past the device. {@link PredictedContents} shares nothing with what wrote it.
 *
 * <p>Thread-safe; predicting is pure work that several threads share.
 */
final class MediumPrediction {
  private static final int BLOCK_BYTES = 4096;

  /** The HKDF context, as in Linux fs/crypto/fscrypt_private.h. */
  private static final int KEY_IDENTIFIER = 1;

  /** Blocks predicted at a time. */
  private static final int CHUNK_BLOCKS = 64;

  private final MemorySegment medium;
  private final byte[] masterKey;
  private final KeyIdentifier identifier;
  private final boolean perInode;
  private final boolean addressed;
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong mismatches = new AtomicLong();
  private final AtomicReference<@Nullable String> someMismatch = new AtomicReference<>();

  /**
   * @param perInode whether keys are per inode and positions count from the start of the file; else
   *     both go by extent
   * @param addressed whether positions count from the start of the device instead
   */
  MediumPrediction(MemorySegment medium, byte[] masterKey, boolean perInode, boolean addressed) {
    this.addressed = addressed;
    this.medium = medium;
    this.masterKey = masterKey;
    this.perInode = perInode;
    identifier =
        KeyIdentifier.read(
            IndependentDerivation.derive(
                masterKey, KEY_IDENTIFIER, new byte[0], KeyIdentifier.SIZE_BYTES),
            0);
  }

  /** Predicts the first {@code count} blocks of a run of {@code file}. */
  void check(Expected file, ExtentView run, int count) {
    if (!identifier.equals(run.identifier())) {
      report(file, run.fileBlock(), "is not encrypted under " + identifier);
      return;
    }
    Nonce nonce = Objects.requireNonNull(run.nonce());
    try (Arena arena = Arena.ofConfined();
        Expected.Reader plaintext = file.open();
        PredictedContents contents = new PredictedContents(masterKey, nonce, perInode)) {
      MemorySegment buffer = arena.allocate((long) CHUNK_BLOCKS * BLOCK_BYTES);
      for (int done = 0; done < count; done += CHUNK_BLOCKS) {
        int chunk = Math.min(CHUNK_BLOCKS, count - done);
        MemorySegment predicted = buffer.asSlice(0, (long) chunk * BLOCK_BYTES);
        long fileBlock = run.fileBlock() + done;
        plaintext.read(fileBlock * BLOCK_BYTES, predicted);
        contents.encrypt(firstDataUnit(run) + done, predicted);
        compare(file, fileBlock, run.deviceBlock() + done, predicted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long firstDataUnit(ExtentView run) {
    if (addressed) {
      return run.deviceBlock();
    }
    return perInode ? run.fileBlock() : run.offsetBlocks();
  }

  private void compare(Expected file, long fileBlock, long deviceBlock, MemorySegment predicted) {
    long chunk = predicted.byteSize() / BLOCK_BYTES;
    for (long i = 0; i < chunk; i++) {
      long at = (deviceBlock + i) * BLOCK_BYTES;
      blocks.incrementAndGet();
      long differs =
          MemorySegment.mismatch(
              predicted, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES, medium, at, at + BLOCK_BYTES);
      if (differs >= 0) {
        report(file, fileBlock + i, "differs on the medium at byte " + (at + differs));
      }
    }
  }

  private void report(Expected file, long fileBlock, String what) {
    mismatches.incrementAndGet();
    someMismatch.compareAndSet(null, "block " + fileBlock + " of " + file.path() + " " + what);
  }

  long blocks() {
    return blocks.get();
  }

  long mismatches() {
    return mismatches.get();
  }

  /** A block that was not as predicted, the first that a thread found; null if all were. */
  @Nullable String someMismatch() {
    return someMismatch.get();
  }
}

package bench.life;

import blockdev.fs.FileSystem;
import blockdev.fs.OpenFile;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file of the simulated filesystem must contain: a file of the input, with the patches that
 * were written over it. Read again from the input whenever it is asked for, so that no content is
 * kept in memory.
 */
final class Expected {
  private final String path;
  private final Path source;
  private final long sizeBytes;
  private final boolean isCopy;
  private final List<Patch> patches = new ArrayList<>();

  private byte @Nullable [] sha256; // null until it is known

  /** Bytes that were written at an offset. */
  private record Patch(long offset, MemorySegment bytes) {}

  /**
   * @param path in the simulated filesystem
   */
  Expected(String path, Path source, long sizeBytes) {
    this(path, source, sizeBytes, false);
  }

  private Expected(String path, Path source, long sizeBytes, boolean isCopy) {
    this.path = path;
    this.source = source;
    this.sizeBytes = sizeBytes;
    this.isCopy = isCopy;
  }

  String path() {
    return path;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** The same content under another path, to be patched on its own. */
  Expected copiedTo(String copyPath) {
    return new Expected(copyPath, source, sizeBytes, true);
  }

  /** Whether {@link #copiedTo} made it. */
  boolean isCopy() {
    return isCopy;
  }

  void patch(long offset, MemorySegment bytes) {
    patches.add(new Patch(offset, bytes));
    sha256 = null;
  }

  /** Makes the file, a piece at a time in {@code buffer}. */
  void writeTo(FileSystem fs, MemorySegment buffer) throws IOException {
    try (Reader source = open();
        OpenFile target = fs.create(path)) {
      sha256 = digest(source, buffer, target::write);
    }
  }

  /** Reads all of it, a piece at a time in {@code buffer}, unless its SHA-256 is known already. */
  byte[] sha256(MemorySegment buffer) throws IOException {
    byte[] known = sha256;
    if (known == null) {
      try (Reader source = open()) {
        known = digest(source, buffer, (offset, piece) -> {});
        sha256 = known;
      }
    }
    return known;
  }

  private interface PieceWriter {
    void write(long offset, MemorySegment piece);
  }

  private byte[] digest(Reader source, MemorySegment buffer, PieceWriter target)
      throws IOException {
    MessageDigest digest = newSha256();
    for (long at = 0; at < sizeBytes; at += buffer.byteSize()) {
      MemorySegment piece = buffer.asSlice(0, Math.min(buffer.byteSize(), sizeBytes - at));
      source.read(at, piece);
      digest.update(piece.asByteBuffer());
      target.write(at, piece);
    }
    return digest.digest();
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  Reader open() throws IOException {
    return new Reader(FileChannel.open(source, StandardOpenOption.READ));
  }

  /** Reads the content; one thread at a time. */
  final class Reader implements AutoCloseable {
    private final FileChannel channel;

    private Reader(FileChannel channel) {
      this.channel = channel;
    }

    /** Fills {@code target} from {@code offset} on; what lies beyond the end is zeros. */
    void read(long offset, MemorySegment target) throws IOException {
      long inFile = Math.clamp(sizeBytes - offset, 0, target.byteSize());
      ByteBuffer buffer = target.asSlice(0, inFile).asByteBuffer();
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new EOFException(source + " became shorter while it was read");
        }
      }
      target.asSlice(inFile).fill((byte) 0);
      for (Patch patch : patches) {
        long from = Math.max(patch.offset, offset);
        long to = Math.min(patch.offset + patch.bytes.byteSize(), offset + target.byteSize());
        if (from < to) {
          MemorySegment.copy(patch.bytes, from - patch.offset, target, from - offset, to - from);
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

package bench.life;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file of the simulated filesystem must contain: a file of the input, with the patches that
 * were written over it. Read again from the input whenever it is asked for, so that no content is
 * kept in memory.
 */
final class Expected {
  private final String path;
  private final Path source;
  private final long sizeBytes;
  private final List<Patch> patches = new ArrayList<>();

  /** Bytes that were written at an offset. */
  private record Patch(long offset, byte[] bytes) {}

  /**
   * @param path in the simulated filesystem
   */
  Expected(String path, Path source, long sizeBytes) {
    this.path = path;
    this.source = source;
    this.sizeBytes = sizeBytes;
  }

  String path() {
    return path;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  boolean isPatched() {
    return !patches.isEmpty();
  }

  /** The same content under another path, to be patched on its own. */
  Expected copiedTo(String copyPath) {
    return new Expected(copyPath, source, sizeBytes);
  }

  void patch(long offset, byte[] bytes) {
    patches.add(new Patch(offset, bytes));
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
        long to = Math.min(patch.offset + patch.bytes.length, offset + target.byteSize());
        if (from < to) {
          MemorySegment.copy(
              MemorySegment.ofArray(patch.bytes),
              from - patch.offset,
              target,
              from - offset,
              to - from);
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

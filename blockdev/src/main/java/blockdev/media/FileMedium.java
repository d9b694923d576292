package blockdev.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.io.ReferenceOwner;
import org.jspecify.annotations.Nullable;

/**
 * A medium in an image file that is mapped into memory, all of it at once.
 *
 * <pre>
 * try (FileMedium medium = FileMedium.create(file, 1L &lt;&lt; 30)) {
 *   …
 *   medium.publish();
 * }
 * </pre>
 *
 * <p>A new image lies under a temporary name beside its file until {@link #publish}; closed without
 * that, or interrupted with Ctrl-C, it leaves nothing behind. Its blocks are allocated before it is
 * mapped, because a disk that fills up under a mapping kills the program (SIGBUS); an existing
 * image that was made sparse by somebody else has that risk still.
 *
 * <p>The file is locked (POSIX advisory locks) while it is mapped: for one writer, or for any
 * number of readers. On Linux, closing any other handle on the file in this process gives the lock
 * up, so look into the file before opening it here.
 */
public final class FileMedium implements Medium {
  /** The length of an image is a positive multiple of this. */
  public static final int BLOCK_BYTES = 4096;

  private static final int ZERO_BYTES = 1 << 20;

  private final FileChannel channel; // holds the lock
  private final MappedFile mapping;
  private final ReferenceOwner owner = ReferenceOwner.temporary("FileMedium");
  private final MappedBytesStore bytes;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;
  private final @Nullable UnpublishedImage unpublished;

  private FileMedium(
      Path file, FileChannel channel, boolean readOnly, @Nullable UnpublishedImage unpublished)
      throws IOException {
    long length = channel.size();
    checkLength(file, length);
    this.channel = channel;
    this.unpublished = unpublished;
    mapping = MappedFile.ofSingle(file.toFile(), length, readOnly);
    bytes = mapping.acquireByteStore(owner, 0);
    MemorySegment mapped =
        MemorySegment.ofAddress(bytes.addressForRead(0)).reinterpret(length, arena, null);
    segment = readOnly ? mapped.asReadOnly() : mapped;
  }

  /**
   * Makes an image of zeroes that becomes {@code file} when it is published.
   *
   * @param capacityBytes a positive multiple of {@link #BLOCK_BYTES}
   * @throws IOException if {@code file} exists, another program is making it, or its disk has not
   *     enough room; nothing is then left behind
   */
  public static FileMedium create(Path file, long capacityBytes) throws IOException {
    checkLength(file, capacityBytes);
    return create(UnpublishedImage.open(file), capacityBytes);
  }

  /** Closes what was opened if it fails. */
  static FileMedium create(UnpublishedImage image, long capacityBytes) throws IOException {
    FileMedium made = null;
    try {
      lock(image.file(), image.channel(), false);
      image.claim();
      allocate(image.file(), image.channel(), capacityBytes);
      made = new FileMedium(image.temporary(), image.channel(), false, image);
      return made;
    } finally {
      if (made == null) {
        image.discard();
        image.channel().close();
      }
    }
  }

  /**
   * Maps an existing image for reading and writing. Its length never changes.
   *
   * @throws IOException if there is no such file, its length is not that of an image, or it is in
   *     use
   */
  public static FileMedium open(Path file) throws IOException {
    return openExisting(file, false);
  }

  /**
   * Maps an existing image for reading: the segment is read-only, and no byte of the file changes.
   *
   * @throws IOException as {@link #open}; other readers are no obstacle
   */
  public static FileMedium openReadOnly(Path file) throws IOException {
    return openExisting(file, true);
  }

  private static FileMedium openExisting(Path file, boolean readOnly) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such image file");
    }
    FileChannel channel =
        readOnly
            ? FileChannel.open(file, StandardOpenOption.READ)
            : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileMedium made = null;
    try {
      lock(file, channel, readOnly);
      made = new FileMedium(file, channel, readOnly, null);
      return made;
    } finally {
      if (made == null) {
        channel.close();
      }
    }
  }

  @Override
  public MemorySegment segment() {
    return segment;
  }

  /** As {@link #flush}: a part of a mapping cannot be written alone. */
  @Override
  public void persist(long offsetBytes, long lengthBytes) {
    flush();
  }

  /**
   * Writes what was changed to the disk.
   *
   * @throws UncheckedIOException if the disk does not take it
   */
  @Override
  public void flush() {
    // Linux's fsync also writes pages that were changed through a mapping. The store's own
    // syncUpTo is for files that grow: it never writes the same range twice.
    try {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Flushes a new image and gives it its name, in one step that never replaces a file.
   *
   * @throws IOException if there is a file of that name now; the image then stays unpublished
   * @throws IllegalStateException if the image is not a new one
   */
  public void publish() throws IOException {
    UnpublishedImage image = requireUnpublished();
    channel.force(true);
    image.publish();
  }

  /**
   * As {@link #publish}, together with a small file that only its owner may read, such as a key.
   * The image never has its name without the other file; both reach the disk.
   *
   * @throws IOException if there is a file of either name now; neither is then published
   * @throws IllegalStateException if the image is not a new one
   */
  public void publishWith(Path companion, byte[] content) throws IOException {
    requireUnpublished().addCompanion(companion, content);
    publish();
  }

  private UnpublishedImage requireUnpublished() {
    if (unpublished == null) {
      throw new IllegalStateException("only a created image can be published");
    }
    return unpublished;
  }

  /** Unmaps and unlocks the file; a new image that was not published is deleted. */
  @Override
  public void close() {
    arena.close(); // first: nobody can use the segment once the mapping goes
    try (channel) {
      if (unpublished != null) {
        unpublished.discard(); // while the lock keeps others from making the same image
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      bytes.release(owner);
      bytes.releaseLast(mapping); // or the store, which the mapped file reserved, stays mapped
      mapping.releaseLast();
      BackgroundResourceReleaser.releasePendingResources();
    }
  }

  /** Chronicle would round a length up to whole pages, and make the file grow. */
  private static void checkLength(Path file, long length) throws IOException {
    int unit = Math.max(BLOCK_BYTES, OS.pageSize());
    if (length <= 0 || length % unit != 0) {
      throw new FileSystemException(
          file.toString(), null, "an image has a multiple of " + unit + " bytes, not " + length);
    }
  }

  private static void lock(Path file, FileChannel channel, boolean shared) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) { // this JVM has it
      lock = null;
    }
    if (lock == null) {
      throw new FileSystemException(file.toString(), null, "in use by another program");
    }
  }

  private static void allocate(Path file, FileChannel channel, long lengthBytes)
      throws IOException {
    channel.truncate(0); // what a killed program left
    long roomBytes = Files.getFileStore(UnpublishedImage.directory(file)).getUsableSpace();
    if (roomBytes < lengthBytes) {
      throw new FileSystemException(
          file.toString(),
          null,
          "needs " + lengthBytes + " bytes, but its disk has room for " + roomBytes);
    }
    ByteBuffer zeroes = ByteBuffer.allocateDirect(ZERO_BYTES);
    for (long left = lengthBytes; left > 0; ) {
      zeroes.clear().limit((int) Math.min(left, ZERO_BYTES));
      left -= channel.write(zeroes);
    }
  }
}

package blockdev.fs;

import static blockdev.fs.MetadataDevice.BLOCK_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;

/**
 * The metadata region as MVStore sees it: a growing off-heap image whose changed blocks are noted,
 * and which never touches the device.
 *
 * <p>The image depends on the operations alone. MVStore would put the wall clock into the store
 * header ({@code created}) and into each chunk ({@code time}), in hexadecimal digits whose number
 * varies and moves what follows; here the store is always created at time 0 and no time passes.
 *
 * <p>Guarded by MVStore's own locks while MVStore writes; everybody else uses it between commits.
 */
final class MetadataImage extends RandomAccessStore {
  private static final Map<String, Object> CONFIG =
      Map.of("autoCompactFillRate", 0, "cacheSize", 16, "pageSplitSize", 16 * 1024);
  private static final long FIRST_SEGMENT_BYTES = 256 * 1024;
  private static final int SQUEEZE_FILL_PERCENT = 95;

  /** How far beyond its region the image may grow inside a commit, before it is compacted. */
  private static final int MAX_OVERSIZE = 4;

  private final long capacityBytes;
  private final BitSet dirty = new BitSet();

  /** From an automatic arena, because MVStore copies from views of it while it grows. */
  private MemorySegment bytes = MemorySegment.NULL;

  /** An image of {@code lengthBytes} zeros, to be filled through {@link #blocks}; none dirty. */
  MetadataImage(int capacityBlocks, long lengthBytes) {
    super(CONFIG);
    this.capacityBytes = (long) capacityBlocks * BLOCK_BYTES;
    resize(lengthBytes);
  }

  /** The image's own bytes, from {@code firstBlock} on, until the image grows. */
  MemorySegment blocks(int firstBlock, int blockCount) {
    return bytes.asSlice((long) firstBlock * BLOCK_BYTES, (long) blockCount * BLOCK_BYTES);
  }

  /** Makes the image {@code lengthBytes} long; what is new is zero and not dirty. */
  void resize(long lengthBytes) {
    if (lengthBytes > bytes.byteSize()) {
      long ahead = Math.max(FIRST_SEGMENT_BYTES, 2 * bytes.byteSize());
      long grown = Math.max(lengthBytes, Math.min(ahead, capacityBytes));
      MemorySegment larger = Arena.ofAuto().allocate(grown, BLOCK_BYTES);
      larger.copyFrom(bytes);
      bytes = larger;
    } else if (lengthBytes > size()) {
      bytes.asSlice(size(), lengthBytes - size()).fill((byte) 0);
    }
    setSize(lengthBytes);
  }

  /** The blocks written since the last call, those included that were cut off again. */
  BitSet takeDirty() {
    BitSet taken = (BitSet) dirty.clone();
    dirty.clear();
    return taken;
  }

  /** Whether the image has outgrown its region, which it must not at the end of a commit. */
  boolean isOversize() {
    return size() > capacityBytes;
  }

  /** Moves live pages together, and chunks to the front, by way of space behind the image. */
  void squeeze(MVStore tree) {
    tree.compact(SQUEEZE_FILL_PERCENT, Integer.MAX_VALUE);
    tree.commit();
    compactMoveChunks(100, Integer.MAX_VALUE, tree);
  }

  /** Blocks that hold chunks or the store header. */
  int usedBlocks() {
    int used = 2;
    for (SFChunk chunk : getChunks().values()) {
      used += chunk.len;
    }
    return used;
  }

  /**
   * Bytes of the pages that are still part of the tree, rounded up as MVStore accounts for them.
   */
  long liveBytes() {
    long live = 0;
    for (SFChunk chunk : getChunks().values()) {
      live += chunk.maxLenLive;
    }
    return live;
  }

  @Override
  public ByteBuffer readFully(SFChunk chunk, long pos, int len) {
    if (pos < 0 || pos + len > size()) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_READING_FAILED,
          "{0} bytes at {1} are outside the metadata image of {2} bytes",
          len,
          pos,
          size());
    }
    return bytes.asSlice(pos, len).asByteBuffer().asReadOnlyBuffer();
  }

  @Override
  protected void writeFully(SFChunk chunk, long pos, ByteBuffer source) {
    long endBytes = pos + source.remaining();
    assert pos % BLOCK_BYTES == 0 && endBytes % BLOCK_BYTES == 0 : pos + " to " + endBytes;
    if (endBytes > MAX_OVERSIZE * capacityBytes) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_WRITING_FAILED,
          "the metadata image would end at byte {0}, its region at {1}",
          endBytes,
          capacityBytes);
    }
    long oldLengthBytes = size();
    if (endBytes > oldLengthBytes) {
      resize(endBytes);
    }
    bytes.asSlice(pos, endBytes - pos).asByteBuffer().put(source);
    // A gap before the write is new too: the device may hold older bytes there.
    dirty.set((int) (Math.min(pos, oldLengthBytes) / BLOCK_BYTES), (int) (endBytes / BLOCK_BYTES));
  }

  @Override
  protected void truncate(long size) {
    setSize(Math.min(size(), size));
  }

  @Override
  protected void initializeStoreHeader(long time) {
    super.initializeStoreHeader(0);
  }

  /** So far ahead that MVStore, which counts from here and not below zero, is always at 0. */
  @Override
  public long getCreationTime() {
    return Long.MAX_VALUE;
  }

  @Override
  public int getDefaultRetentionTime() {
    return 0;
  }

  @Override
  public void open(String fileName, boolean readOnly, char[] encryptionKey) {
    throw new UnsupportedOperationException("the metadata image is no file");
  }

  @Override
  public FileStore<SFChunk> open(String fileName, boolean readOnly) {
    throw new UnsupportedOperationException("the metadata image is no file");
  }

  @Override
  public void backup(ZipOutputStream out) {
    throw new UnsupportedOperationException("the metadata image is no file");
  }
}

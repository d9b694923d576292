package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.sim.SimMutex;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptException;
import inlinecrypt.fscrypt.FscryptPolicy;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.NonceSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small copy-on-write filesystem with extents, whose file contents are encrypted by the device,
 * or for it by the software fallback, with keys from fscrypt policies. Names are stored in the
 * clear for now.
 *
 * <p>{@link #format} makes one, {@link #mount} opens it. Paths are absolute, their parts separated
 * by '/'. Every method blocks: call it from a simulated thread (several may), or from the one
 * thread of an immediate simulation. What was changed is durable after {@link #sync}, or {@link
 * OpenFile#fsync}.
 *
 * <p>Refusals and failures are {@link FsException}s. After a failed commit the filesystem refuses
 * to go on; mounting again finds the last commit that came through.
 */
public final class FileSystem implements AutoCloseable {
  /** The largest file: 16 TiB, whose data unit numbers take 4 bytes. */
  static final long MAX_FILE_BYTES = 1L << 44;

  private static final long DIRTY_LIMIT_BYTES = 64L << 20;
  private static final long DIRTY_LIMIT_AGE_NS = 5_000_000_000L;
  private static final int WRITE_CHUNK_BYTES = 4 << 20;

  private final BlockDevice device;
  private final boolean takesPlainContents;
  private final boolean readOnly;
  private final Superblock superblock;
  private final ContentsStrategy strategy;
  private final NonceSource nonces;
  private final Keyring keyring;
  private final IoBatch.Pool io;
  private final MetadataStore store;
  private final Namespace names;
  private final BlockAllocator allocator;
  private final Mappings mappings;
  private final InodeCache inodes;
  private final FileContents contents;
  private final SimMutex commitLock;
  private long dirtyBytes;
  private int relocationsWithoutKey;
  private boolean closed;

  /**
   * Makes an empty filesystem on {@code device}; what was there is lost.
   *
   * @throws FsException ENOSPC if the device is too small
   */
  public static void format(BlockDevice device, FormatOptions options) {
    format(Volume.on(device), options);
  }

  /** As {@link #format(BlockDevice, FormatOptions)}, on a volume. */
  public static void format(Volume volume, FormatOptions options) {
    Superblock superblock = Superblock.of(options, volume);
    BlockDevice device = volume.metadata();
    IoBatch.Pool io = new IoBatch.Pool(device::submitter);
    BioMetadataDevice metadata = new BioMetadataDevice(io, device.memory());
    try {
      MetadataStore.format(metadata, superblock.metadata());
      try (MetadataStore store = MetadataStore.open(metadata, superblock.metadata())) {
        new Namespace(store).makeRoot();
        store.commit();
      }
    } catch (IOException e) {
      throw failed("format", e);
    }
    writeSuperblock(device, io, superblock);
  }

  /**
   * Opens the filesystem on {@code device}, replaying what was committed and not yet in place.
   *
   * @param crypto the way of contents and their keys to the device
   * @throws FsException EUCLEAN if there is none, or it is damaged; then nothing was written
   */
  public static FileSystem mount(BlockDevice device, BlkCrypto crypto, MountOptions options) {
    return mount(Volume.on(device), crypto, options);
  }

  /** As {@link #mount(BlockDevice, BlkCrypto, MountOptions)}, of a volume. */
  public static FileSystem mount(Volume volume, BlkCrypto crypto, MountOptions options) {
    BlockDevice device = volume.metadata();
    IoBatch.Pool io = new IoBatch.Pool(() -> crypto.submitter(device));
    Superblock superblock = readSuperblock(volume, io);
    BioMetadataDevice metadata = new BioMetadataDevice(io, device.memory());
    MetadataStore store;
    try {
      store = MetadataStore.open(metadata, superblock.metadata());
    } catch (MetadataCorruptException e) {
      throw new FsException(Errno.EUCLEAN, "mount: " + e.getMessage(), e);
    } catch (IOException e) {
      throw failed("mount", e);
    }
    Superblock mounted = superblock.nextMount();
    FileSystem fileSystem = new FileSystem(volume, crypto, mounted, store, options);
    if (!options.readOnly()) {
      writeSuperblock(device, io, mounted);
    }
    return fileSystem;
  }

  private FileSystem(
      Volume volume,
      BlkCrypto crypto,
      Superblock superblock,
      MetadataStore store,
      MountOptions options) {
    device = volume.contents();
    takesPlainContents = !volume.isAddressed();
    io = new IoBatch.Pool(() -> crypto.submitter(device));
    this.superblock = superblock;
    this.store = store;
    readOnly = options.readOnly();
    nonces = options.nonces().apply(superblock.mountGeneration());
    DeviceKeys keys = new DeviceKeys(device, crypto);
    ContentsStrategy chosen =
        switch (superblock.strategy()) {
          case PER_INODE -> new PerInodeKeys();
          case LIGHTWEIGHT ->
              new LightweightExtents(nonces, keys, options.dataUnitsFromFileStart());
        };
    strategy =
        volume.isAddressed()
            ? new AddressedKeys(chosen, superblock.deviceBlocks() * BLOCK_BYTES)
            : chosen;
    keyring =
        new Keyring(
            strategy
                .traits((long) superblock.maxExtentBlocks() * BLOCK_BYTES)
                .withAllowHardware(options.inlineCrypt()));
    names = new Namespace(store);
    allocator = new BlockAllocator(superblock.firstDataBlock(), superblock.deviceBlocks());
    mappings = new Mappings(store, strategy.extentContextBytes(), allocator);
    inodes = new InodeCache(keys, keyring, device.memory());
    commitLock = new SimMutex();
    contents =
        new FileContents(
            device, io, mappings, allocator, strategy, commitLock, superblock.maxExtentBlocks());
    names.orphans().forEach(this::dropOrphan);
  }

  // ---- keys and policies

  /**
   * Adds a master key ({@code FS_IOC_ADD_ENCRYPTION_KEY}). The caller wipes its array.
   *
   * @return the key's name
   * @throws FsException EINVAL if it has fewer than 16 or more than 64 bytes
   */
  public KeyIdentifier addKey(byte[] masterKey) {
    return fscrypt("add key", () -> keyring.add(masterKey));
  }

  /**
   * Removes a master key ({@code FS_IOC_REMOVE_ENCRYPTION_KEY}): writes everything that is dirty,
   * then locks all inodes that nobody has open. Call it again to lock the rest once closed.
   *
   * @return {@link KeyStatus#INCOMPLETELY_REMOVED} while files that it unlocked are open
   * @throws FsException ENOKEY if the key is absent; what {@link #sync} throws, but only after the
   *     key was removed and what is clean was locked
   */
  public KeyStatus removeKey(KeyIdentifier identifier) {
    try {
      sync();
    } finally {
      fscrypt("remove key", () -> keyring.remove(identifier));
      inodes.evictAllOf(identifier);
    }
    return keyring.status(identifier);
  }

  public KeyStatus keyStatus(KeyIdentifier identifier) {
    return keyring.status(identifier);
  }

  /**
   * Makes an empty directory encrypted under {@code identifier}: the contents of all files that are
   * made below it ({@code FS_IOC_SET_ENCRYPTION_POLICY}).
   *
   * @throws FsException ENOTEMPTY, ENOTDIR; ENOKEY if the key is not present; EEXIST if the
   *     directory has another policy
   */
  public void setPolicy(String path, KeyIdentifier identifier) {
    requireWritable();
    long number = names.resolve(path);
    InodeRecord record = names.directory(number, path);
    FscryptPolicy policy = FscryptPolicy.aes256Xts(identifier);
    FscryptContext context = record.context();
    if (context != null) {
      if (context.policy().equals(policy)) {
        return;
      }
      throw new FsException(Errno.EEXIST, path + " has another encryption policy");
    }
    if (!names.list(number).isEmpty()) {
      throw new FsException(Errno.ENOTEMPTY, path + " is not empty");
    }
    requireKey(policy, path);
    names.put(number, record.withContext(new FscryptContext(policy, nonces.next())));
  }

  private void requireKey(FscryptPolicy policy, String path) {
    if (keyring.status(policy.identifier()) != KeyStatus.PRESENT) {
      throw new FsException(
          Errno.ENOKEY, path + " needs master key " + policy.identifier() + ", which is not there");
    }
  }

  // ---- names

  /**
   * @throws FsException EEXIST, ENOENT, ENOTDIR, ENAMETOOLONG; ENOKEY if the directory is encrypted
   *     and its key is not present; ENOSPC if the metadata has no room
   */
  public void makeDirectory(String path) {
    requireWritable();
    requireRoom();
    Namespace.Place place = names.place(path);
    names.link(
        place,
        names.newInode(),
        new InodeRecord(InodeRecord.Kind.DIRECTORY, 1, 0, childContext(place)));
  }

  /** Makes an empty file and opens it; refused as {@link #makeDirectory} is. */
  public OpenFile create(String path) {
    requireWritable();
    requireRoom();
    return opened(createInode(path));
  }

  private Inode createInode(String path) {
    Namespace.Place place = names.place(path);
    FscryptContext context = childContext(place);
    if (context == null && !takesPlainContents) {
      throw new FsException(
          Errno.EOPNOTSUPP,
          path + " has no encryption policy, and the device takes no data without a key");
    }
    InodeRecord record = new InodeRecord(InodeRecord.Kind.FILE, 1, 0, context);
    long number = names.newInode();
    Inode inode = fscrypt(path, () -> inodes.bringIn(number, record));
    names.link(place, number, record);
    return inode;
  }

  /** A new inode takes its directory's policy and a nonce of its own. */
  private @Nullable FscryptContext childContext(Namespace.Place place) {
    FscryptContext parent = place.directoryRecord().context();
    if (parent == null) {
      return null;
    }
    requireKey(parent.policy(), place.path());
    return new FscryptContext(parent.policy(), nonces.next());
  }

  /**
   * Opens a file.
   *
   * @throws FsException ENOENT, EISDIR; ENOKEY if it is encrypted and neither is its key present
   *     nor is it unlocked already
   */
  public OpenFile open(String path) {
    return opened(inode(path));
  }

  private OpenFile opened(Inode inode) {
    inodes.opened(inode);
    return new OpenFile(this, inode);
  }

  private Inode inode(String path) {
    long number = names.resolve(path);
    if (names.get(number).kind() == InodeRecord.Kind.DIRECTORY) {
      throw new FsException(Errno.EISDIR, path + " is a directory");
    }
    return inode(number, path);
  }

  private Inode inode(long number, String what) {
    Inode inode = inodes.get(number);
    return inode != null ? inode : fscrypt(what, () -> inodes.bringIn(number, names.get(number)));
  }

  /** What is in a directory, in byte order of names. */
  public List<DirectoryEntry> list(String path) {
    long number = names.resolve(path);
    names.directory(number, path);
    return names.list(number);
  }

  /**
   * Removes a file's name; the file goes with its last name and its last close.
   *
   * @throws FsException ENOENT, EISDIR
   */
  public void unlink(String path) {
    requireWritable();
    long number = names.unlink(path);
    Inode inode = inodes.get(number);
    if (inode != null) {
      inode.record = names.get(number).withSize(inode.record.sizeBytes());
    }
    if (names.get(number).links() == 0 && (inode == null || inode.opens == 0)) {
      drop(number, inode);
    }
  }

  private void drop(long number, @Nullable Inode inode) {
    if (inode != null) {
      discardDirty(inode);
      inodes.evict(inode);
    }
    dropOrphan(number);
  }

  private void dropOrphan(long number) {
    mappings.punch(number, 0, Long.MAX_VALUE);
    names.remove(number);
  }

  /**
   * Makes {@code to} a new file that shares all extents of {@code from}; no data is read or written
   * but what is still dirty.
   *
   * @throws FsException EOPNOTSUPP if the strategy cannot share encrypted extents; EXDEV if {@code
   *     to} would not have the encryption policy of {@code from}; and as {@link #create}
   */
  public void reflink(String from, String to) {
    requireWritable();
    requireRoom();
    try (OpenFile pinned = open(from)) {
      Inode source = pinned.inode();
      FscryptContext context = source.record.context();
      if (context != null && !strategy.sharesExtents()) {
        throw new FsException(
            Errno.EOPNOTSUPP,
            "reflink of "
                + from
                + ": with strategy "
                + superblock.strategy().label()
                + " ciphertext belongs to one inode");
      }
      FscryptContext parent = names.place(to).directoryRecord().context();
      if (context == null
          ? parent != null
          : parent == null || !parent.policy().equals(context.policy())) {
        throw new FsException(
            Errno.EXDEV, "reflink of " + from + ": " + to + " has another encryption policy");
      }
      withLock(
          source,
          () -> {
            writeBack(source);
            Inode target = createInode(to);
            mappings.share(source.number, target.number);
            target.record = target.record.withSize(source.record.sizeBytes());
            names.put(target.number, target.record);
            inodes.idle(target);
          });
    }
  }

  // ---- extents

  /** Where a file lies on the device and what its keys come from; needs no key. */
  public List<ExtentView> extents(String path) {
    long number = names.resolve(path);
    InodeRecord record = names.get(number);
    FscryptContext context = record.context();
    KeyIdentifier identifier = context == null ? null : context.policy().identifier();
    List<ExtentView> views = new ArrayList<>();
    for (FileExtent run : mappings.runs(number)) {
      DiskExtent extent = mappings.extent(run.extentId());
      views.add(
          new ExtentView(
              run.fileBlock(),
              run.blocks(),
              extent.deviceBlock() + run.offsetBlocks(),
              run.extentId(),
              run.offsetBlocks(),
              identifier,
              context == null ? null : strategy.nonceOf(record, extent)));
    }
    return views;
  }

  /** All extents of the filesystem, by number, for {@link #relocate}. */
  public List<Long> extentIds() {
    List<Long> ids = new ArrayList<>();
    mappings.forEachExtent((id, extent) -> ids.add(id));
    return ids;
  }

  /**
   * Moves an extent to other blocks, as balancing does; files read it before, during and after. Its
   * ciphertext is copied as it is, and no key is needed. But where ciphertext belongs to its place
   * on the device it is encrypted again, and an extent whose key is gone cannot be moved.
   *
   * @return false if there is no run of free blocks for it, its key is gone, or it is gone itself
   */
  public boolean relocate(long extentId) {
    requireWritable();
    return strategy.movesCiphertext()
        ? contents.relocate(extentId)
        : relocateWithKey(mappings.runsInto(extentId));
  }

  /** The first inode that is unlocked, or can be, has the key. */
  private boolean relocateWithKey(List<Mappings.InodeRun> runs) {
    for (Mappings.InodeRun found : runs) {
      Inode inode;
      try {
        inode = inode(found.inode(), "an extent of inode " + found.inode());
      } catch (FsException e) {
        if (e.errno() == Errno.ENOKEY) {
          continue;
        }
        throw e;
      }
      try (OpenFile pinned = opened(inode)) {
        return contents.relocateWithKey(pinned.inode(), found.run());
      } finally {
        inodes.evictUnused(inode);
      }
    }
    relocationsWithoutKey += runs.isEmpty() ? 0 : 1;
    return false;
  }

  /** Times that {@link #relocate} needed a key that was gone. */
  public int relocationsWithoutKey() {
    return relocationsWithoutKey;
  }

  /** Bytes that {@link #relocate} has decrypted and encrypted again; 0 where ciphertext moves. */
  public long reencryptedBytes() {
    return contents.reencryptedBytes();
  }

  // ---- contents

  long read(Inode inode, long offset, MemorySegment target) {
    long bytes = Math.min(target.byteSize(), inode.record.sizeBytes() - offset);
    if (bytes <= 0) {
      return 0;
    }
    try {
      contents.read(inode, offset, target, 0, bytes);
    } finally {
      inodes.evictUnused(inode);
    }
    return bytes;
  }

  void write(Inode inode, long offset, MemorySegment source) {
    requireWritable();
    if (source.byteSize() > MAX_FILE_BYTES - offset) {
      throw new FsException(Errno.EFBIG, "a file has at most " + MAX_FILE_BYTES + " bytes");
    }
    for (long done = 0; done < source.byteSize(); ) {
      long from = done;
      long length = Math.min(WRITE_CHUNK_BYTES, source.byteSize() - from);
      requireRoom();
      withLock(inode, () -> contents.write(inode, offset + from, source, from, length));
      done += length;
      writeBackIfTooDirty();
    }
  }

  void truncate(Inode inode, long sizeBytes) {
    requireWritable();
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new FsException(Errno.EFBIG, "a file has at most " + MAX_FILE_BYTES + " bytes");
    }
    withLock(
        inode,
        () -> {
          contents.zeroBehind(inode, sizeBytes);
          // The zeros come with the size: a crash between would leave old bytes behind the end.
          writeBack(inode);
          mappings
              .punch(inode.number, Math.ceilDiv(sizeBytes, (long) BLOCK_BYTES), Long.MAX_VALUE)
              .forEach(inode.extentKeys::retire);
          inode.record = inode.record.withSize(sizeBytes);
          names.put(inode.number, inode.record);
        });
  }

  void closed(Inode inode) {
    if (--inode.opens > 0) {
      return;
    }
    if (inode.record.links() == 0) {
      drop(inode.number, inode);
    } else {
      inodes.idle(inode);
    }
  }

  void fsync(Inode inode) {
    requireWritable();
    withLock(inode, () -> writeBack(inode));
    commit();
  }

  /** Makes everything durable: writes all dirty pages, then commits. */
  public void sync() {
    if (readOnly) {
      return;
    }
    writeBack(inodes.dirty());
    commit();
  }

  private void writeBack(List<Inode> dirty) {
    for (Inode inode : dirty) {
      withLock(inode, () -> writeBack(inode));
    }
  }

  /** Called with no lock held: it takes those of dirty inodes. */
  private void writeBackIfTooDirty() {
    if (dirtyBytes >= Math.min(DIRTY_LIMIT_BYTES, device.memory().capacityBytes() / 4)) {
      writeBack(inodes.dirty());
    } else {
      writeBack(inodes.dirtySince(nowNs() - DIRTY_LIMIT_AGE_NS));
    }
  }

  /** Writes back what is dirty in an inode whose lock is held, and notes its size. */
  private void writeBack(Inode inode) {
    if (inode.dirty.isEmpty()) {
      return;
    }
    try {
      contents.writeBack(inode);
    } catch (FsException e) {
      if (e.errno() != Errno.ENOSPC) {
        throw e;
      }
      commit(); // Blocks that were freed can be used once that is durable.
      contents.writeBack(inode);
    }
    names.put(inode.number, inode.record);
  }

  private void discardDirty(Inode inode) {
    withLock(inode, () -> inode.dirty.dropFrom(0));
  }

  /** Data that was written → flush → metadata that speaks of it. */
  private void commit() {
    commitLock.lock(device.submitter().events());
    List<BlockAllocator.Run> freed = allocator.closeTransaction();
    boolean committed = false;
    try {
      IoBatch batch = io.begin();
      Bio flush = batch.bio(BioOp.FLUSH, 0);
      batch.submit(flush);
      batch.await();
      store.commit();
      committed = true;
    } catch (MetadataFullException e) {
      throw new FsException(Errno.ENOSPC, "commit: " + e.getMessage(), e);
    } catch (IOException e) {
      throw failed("commit", e);
    } finally {
      if (committed) {
        allocator.release(freed);
      } else {
        allocator.reopen(freed);
      }
      commitLock.unlock();
    }
  }

  /** Asked before metadata grows. */
  private void requireRoom() {
    if (!store.hasRoom()) {
      commit(); // Only then is it known how much the changes take.
      if (!store.hasRoom()) {
        throw new FsException(Errno.ENOSPC, "the metadata has no room for more");
      }
    }
  }

  private void withLock(Inode inode, Runnable action) {
    inode.lock.lock(device.submitter().events());
    long before = inode.dirty.takenBytes();
    try {
      action.run();
    } finally {
      dirtyBytes += inode.dirty.takenBytes() - before;
      inodes.changed(inode, nowNs());
      inode.lock.unlock();
      inodes.evictUnused(inode);
    }
  }

  private long nowNs() {
    return device.submitter().events().nowNs();
  }

  // ---- what it is, and its end

  public StrategyKind strategy() {
    return superblock.strategy();
  }

  public ContentsCrypto contentsCrypto() {
    return superblock.contentsCrypto();
  }

  /** Bytes of encryption context that are stored with each extent. */
  public int extentContextBytes() {
    return strategy.extentContextBytes();
  }

  /** Keys derived since the mount, master key identifiers included. */
  public long keyDerivations() {
    return keyring.derivations();
  }

  public long freeBytes() {
    return (long) allocator.freeBlocks() * BLOCK_BYTES;
  }

  /**
   * Unmounts: makes everything durable, locks all inodes and wipes the keys. Closing twice does
   * nothing.
   *
   * @throws IllegalStateException if files are open; nothing was done
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    inodes.requireNoneOpen();
    closed = true;
    try {
      sync();
    } finally {
      inodes.evictAll();
      keyring.close();
      closeStore();
    }
  }

  private void closeStore() {
    try {
      if (readOnly) {
        store.abandon();
      } else {
        store.close();
      }
    } catch (IOException e) {
      throw failed("unmount", e);
    }
  }

  private void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException("the filesystem is mounted read-only");
    }
  }

  private static <T> T fscrypt(String what, Supplier<T> action) {
    try {
      return action.get();
    } catch (FscryptException e) {
      throw new FsException(e.errno(), what + ": " + e.getMessage(), e);
    }
  }

  private static FsException failed(String what, IOException cause) {
    return new FsException(Errno.EIO, what + " failed: " + cause, cause);
  }

  private static Superblock readSuperblock(Volume volume, IoBatch.Pool io) {
    try (BouncePages page = new BouncePages(volume.metadata().memory(), 1)) {
      transferSuperblock(io, BioOp.READ, page);
      return Superblock.read(
          page.segment(), Volume.blocks(volume.contents()), volume.hasMetadataApart());
    }
  }

  private static void writeSuperblock(BlockDevice device, IoBatch.Pool io, Superblock superblock) {
    try (BouncePages page = new BouncePages(device.memory(), 1)) {
      superblock.write(page.segment());
      transferSuperblock(io, BioOp.WRITE, page);
    }
  }

  private static void transferSuperblock(IoBatch.Pool io, BioOp op, BouncePages page) {
    IoBatch batch = io.begin();
    Bio bio = batch.bio(op, 0);
    if (op == BioOp.WRITE) {
      bio.forceUnitAccess();
    }
    page.addTo(bio, 0, 1);
    batch.submit(bio);
    batch.await();
  }
}

package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptException;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.NonceSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
  private final Superblock superblock;
  private final ContentsStrategy strategy;
  private final Keyring keyring;
  private final InodeTable table;
  private final Namespace names;
  private final Policies policies;
  private final BlockAllocator allocator;
  private final Mappings mappings;
  private final InodeCache cache;
  private final OpenInodes inodes;
  private final FileContents contents;
  private final Relocation relocation;
  private final Transactions transactions;
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
        new Namespace(store, new InodeTable(store)).makeRoot();
        store.commit();
      }
    } catch (IOException e) {
      throw FsException.failed("format", e);
    }
    superblock.write(volume, io);
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
    Superblock superblock = Superblock.read(volume, io);
    BioMetadataDevice metadata = new BioMetadataDevice(io, device.memory());
    MetadataStore store;
    try {
      store = MetadataStore.open(metadata, superblock.metadata());
    } catch (MetadataCorruptException e) {
      throw new FsException(Errno.EUCLEAN, "mount: " + e.getMessage(), e);
    } catch (IOException e) {
      throw FsException.failed("mount", e);
    }
    Superblock mounted = superblock.nextMount();
    FileSystem fileSystem = new FileSystem(volume, crypto, mounted, store, options);
    if (!options.readOnly()) {
      mounted.write(volume, io);
    }
    return fileSystem;
  }

  private FileSystem(
      Volume volume,
      BlkCrypto crypto,
      Superblock superblock,
      MetadataStore store,
      MountOptions options) {
    this.superblock = superblock;
    BlockDevice device = volume.contents();
    IoBatch.Pool io = new IoBatch.Pool(() -> crypto.submitter(device));
    DeviceKeys keys = new DeviceKeys(device, crypto);
    NonceSource nonces = options.nonces().apply(superblock.mountGeneration());
    strategy = strategy(volume, superblock, keys, nonces, options);
    keyring =
        new Keyring(
            strategy
                .traits((long) superblock.maxExtentBlocks() * BLOCK_BYTES)
                .withAllowHardware(options.inlineCrypt()));
    table = new InodeTable(store);
    names = new Namespace(store, table);
    policies = new Policies(names, table, keyring, nonces, !volume.isAddressed());
    allocator = new BlockAllocator(superblock.firstDataBlock(), superblock.deviceBlocks());
    mappings = new Mappings(store, strategy.extentContextBytes(), allocator);
    cache = new InodeCache(keys, keyring, device);
    inodes = new OpenInodes(cache, table, mappings);
    transactions = new Transactions(device, io, store, allocator, options.readOnly());
    BlockResolver resolver = new BlockResolver(strategy, device.tracer());
    ContentsReader reader = new ContentsReader(device.memory(), io, mappings, allocator, resolver);
    PageWriter pages = new PageWriter(device.memory(), mappings, reader);
    Writeback writeback =
        new Writeback(
            io, mappings, allocator, resolver, transactions, table, superblock.maxExtentBlocks());
    contents = new FileContents(mappings, table, cache, reader, pages, writeback, transactions);
    relocation =
        new Relocation(device.memory(), io, mappings, allocator, transactions, resolver, inodes);
    inodes.removeOrphans();
  }

  private static ContentsStrategy strategy(
      Volume volume,
      Superblock superblock,
      DeviceKeys keys,
      NonceSource nonces,
      MountOptions options) {
    ContentsStrategy chosen =
        switch (superblock.strategy()) {
          case PER_INODE -> new PerInodeKeys();
          case LIGHTWEIGHT ->
              new LightweightExtents(nonces, keys, options.dataUnitsFromFileStart());
        };
    return volume.isAddressed()
        ? new AddressedKeys(chosen, superblock.deviceBlocks() * BLOCK_BYTES)
        : chosen;
  }

  /**
   * Adds a master key ({@code FS_IOC_ADD_ENCRYPTION_KEY}). The caller wipes its array.
   *
   * @return the key's name
   * @throws FsException EINVAL if it has fewer than 16 or more than 64 bytes
   */
  public KeyIdentifier addKey(byte[] masterKey) {
    try {
      return keyring.add(masterKey);
    } catch (FscryptException e) {
      throw FsException.refused("add key", e);
    }
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
      removeFromKeyring(identifier);
      cache.evictAllOf(identifier);
    }
    return keyring.status(identifier);
  }

  private void removeFromKeyring(KeyIdentifier identifier) {
    try {
      keyring.remove(identifier);
    } catch (FscryptException e) {
      throw FsException.refused("remove key", e);
    }
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
    transactions.requireWritable();
    policies.set(path, identifier);
  }

  /**
   * @throws FsException EEXIST, ENOENT, ENOTDIR, ENAMETOOLONG; ENOKEY if the directory is encrypted
   *     and its key is not present; ENOSPC if the metadata has no room
   */
  public void makeDirectory(String path) {
    transactions.requireRoom();
    Namespace.Place place = names.place(path);
    FscryptContext context = policies.inheritedAt(place);
    names.link(
        place, table.newNumber(), new InodeRecord(InodeRecord.Kind.DIRECTORY, 1, 0, context));
  }

  /** Makes an empty file and opens it; refused as {@link #makeDirectory} is. */
  public OpenFile create(String path) {
    transactions.requireRoom();
    return new OpenFile(contents, inodes, createInode(path));
  }

  private Inode createInode(String path) {
    Namespace.Place place = names.place(path);
    FscryptContext context = policies.inheritedByFileAt(place);
    Inode inode = inodes.create(new InodeRecord(InodeRecord.Kind.FILE, 1, 0, context), path);
    names.link(place, inode.number, inode.record);
    return inode;
  }

  /**
   * Opens a file.
   *
   * @throws FsException ENOENT, EISDIR; ENOKEY if it is encrypted and neither is its key present
   *     nor is it unlocked already
   */
  public OpenFile open(String path) {
    long number = names.resolve(path);
    if (table.get(number).kind() == InodeRecord.Kind.DIRECTORY) {
      throw new FsException(Errno.EISDIR, path + " is a directory");
    }
    return new OpenFile(contents, inodes, inodes.open(number, path));
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
    transactions.requireWritable();
    inodes.unlinked(names.unlink(path));
  }

  /**
   * Makes {@code to} a new file that shares all extents of {@code from}; no data is read or written
   * but what is still dirty.
   *
   * @throws FsException EOPNOTSUPP if the strategy cannot share encrypted extents; EXDEV if {@code
   *     to} would not have the encryption policy of {@code from}; and as {@link #create}
   */
  public void reflink(String from, String to) {
    transactions.requireRoom();
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
      Policies.requireSame(context, names.place(to), "reflink of " + from);
      contents.withAllInExtents(
          source,
          () -> {
            Inode target = createInode(to);
            try {
              mappings.share(source.number, target.number);
              target.record = target.record.withSize(source.record.sizeBytes());
              table.put(target.number, target.record);
            } finally {
              inodes.close(target);
            }
          });
    }
  }

  /** Where a file lies on the device and what its keys come from; needs no key. */
  public List<ExtentView> extents(String path) {
    long number = names.resolve(path);
    InodeRecord record = table.get(number);
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
    transactions.requireWritable();
    return strategy.movesCiphertext()
        ? relocation.move(extentId)
        : relocation.moveWithKey(extentId);
  }

  /** Times that {@link #relocate} needed a key that was gone. */
  public int relocationsWithoutKey() {
    return relocation.withoutKey();
  }

  /** Bytes that {@link #relocate} has decrypted and encrypted again; 0 where ciphertext moves. */
  public long reencryptedBytes() {
    return relocation.reencryptedBytes();
  }

  /** Makes everything durable: writes all dirty pages, then commits. */
  public void sync() {
    contents.sync();
  }

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
    cache.requireNoneOpen();
    closed = true;
    try {
      sync();
    } finally {
      cache.evictAll();
      keyring.close();
      transactions.close();
    }
  }
}

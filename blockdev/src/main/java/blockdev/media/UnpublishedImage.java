package blockdev.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A file under a temporary name, beside the one it is to become; another file may get its name
 * together with it. Deleted when the program ends before they are published, by Ctrl-C too; a
 * killed program leaves them for the next one to overwrite.
 *
 * <p>Thread-safe, because the program may end at any time: what ends it waits for the names.
 */
final class UnpublishedImage {
  private record Pending(Path temporary, Path file) {
    void publish() throws IOException {
      checkAbsent(file);
      try {
        Files.createLink(file, temporary);
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
        Files.move(temporary, file); // looks first, then renames
      }
    }
  }

  private final FileChannel channel;
  private final Object inode; // that had the temporary name right after it was opened
  private final Pending image;
  private final List<Pending> pending = new ArrayList<>(); // in the order of publishing
  private final Thread deleteAtExit = new Thread(this::deleteQuietly, "delete unpublished image");
  private boolean claimed;

  private UnpublishedImage(Path file, Path temporary, FileChannel channel) throws IOException {
    this.channel = channel;
    image = new Pending(temporary, file);
    inode = inode(temporary);
  }

  /**
   * Opens the temporary file, or makes it; it is somebody else's until it is locked and {@linkplain
   * #claim claimed}.
   *
   * @throws IOException if {@code file} exists, or its directory does not
   */
  static UnpublishedImage open(Path file) throws IOException {
    checkAbsent(file);
    Path temporary = temporaryName(file);
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    UnpublishedImage opened = null;
    try {
      opened = new UnpublishedImage(file, temporary, channel);
      return opened;
    } finally {
      if (opened == null) {
        channel.close();
      }
    }
  }

  Path temporary() {
    return image.temporary;
  }

  Path file() {
    return image.file;
  }

  FileChannel channel() {
    return channel;
  }

  /**
   * Takes over the locked temporary file, to be deleted from now on.
   *
   * @throws IOException if whoever had the lock before has published or deleted it
   */
  synchronized void claim() throws IOException {
    boolean there = Files.exists(image.temporary, LinkOption.NOFOLLOW_LINKS);
    if (!there || !inode.equals(inode(image.temporary))) {
      throw new FileSystemException(
          image.file.toString(), null, "another program has just made it, or tried to");
    }
    Runtime.getRuntime().addShutdownHook(deleteAtExit);
    pending.add(image);
    claimed = true;
    checkAbsent(image.file);
  }

  /**
   * Writes {@code content} to a file that only its owner may read, and that becomes {@code file}
   * just before the image gets its name.
   *
   * @throws IOException if {@code file} exists, or cannot be written
   */
  synchronized void addCompanion(Path file, byte[] content) throws IOException {
    checkClaimed();
    checkAbsent(file);
    Path temporary = temporaryName(file);
    Files.deleteIfExists(temporary); // what a killed program left
    pending.addFirst(new Pending(temporary, file));
    try (FileChannel companion =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        companion.write(left);
      }
      companion.force(true);
    }
  }

  /** Gives all files their names, or none; what may have appeared there is not replaced. */
  synchronized void publish() throws IOException {
    checkClaimed();
    int named = 0;
    try {
      for (Pending next : pending) {
        next.publish();
        named++;
      }
    } finally {
      if (named < pending.size()) {
        for (Pending taken : pending.subList(0, named)) {
          Files.deleteIfExists(taken.file);
        }
      }
    }
    deleteQuietly(); // the temporary names that are left: the files are published in any case
    removeHook();
    try (FileChannel directory = FileChannel.open(directory(image.file))) {
      directory.force(true);
    }
  }

  /** Deletes what was claimed; does nothing once it is published. */
  synchronized void discard() throws IOException {
    if (claimed) {
      for (Pending next : pending) {
        Files.deleteIfExists(next.temporary);
      }
      claimed = false;
      removeHook();
    }
  }

  static Path directory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new FileSystemException(file.toString(), null, "no such directory: " + directory);
    }
    return directory;
  }

  private static Path temporaryName(Path file) throws IOException {
    return directory(file).resolve("." + file.getFileName() + ".part");
  }

  private static void checkAbsent(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "exists already, and is not overwritten");
    }
  }

  private static Object inode(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private void checkClaimed() throws IOException {
    if (!claimed) {
      throw new FileSystemException(image.file.toString(), null, "the program is ending");
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(deleteAtExit);
    } catch (IllegalStateException e) {
      return; // the program is ending, and the hook finds nothing to delete
    }
  }

  private synchronized void deleteQuietly() {
    claimed = false;
    for (Pending next : pending) {
      try {
        Files.deleteIfExists(next.temporary);
      } catch (IOException e) {
        continue; // nobody can do more about it
      }
    }
  }
}

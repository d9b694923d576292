package bench.life;

import blockdev.fs.FileSystem;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Writes the input into the filesystem. */
final class WritePhase {
  private final InputFiles input;
  private final ExpectedFiles files;
  private final Progress progress;

  /**
   * @param files where what is written is noted
   */
  WritePhase(InputFiles input, ExpectedFiles files, Progress progress) {
    this.input = input;
    this.files = files;
    this.progress = progress;
  }

  void run(FileSystem fs, MemorySegment buffer) throws IOException {
    for (String directory : input.directories()) {
      fs.makeDirectory("/" + directory);
    }
    long done = 0;
    for (InputFiles.InputFile file : input.files()) {
      Expected expected = new Expected("/" + file.path(), file.source(), file.sizeBytes());
      files.add(expected);
      expected.writeTo(fs, buffer);
      done += file.sizeBytes();
      progress.at("write", done, input.bytes());
    }
    fs.sync();
  }
}

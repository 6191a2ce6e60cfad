package io.modelserver.engine.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

import io.modelserver.engine.ModelLoadException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A TorchScript file, which is a zip that holds the program's source in
 * {@code <name>/code/}. libtorch does not look at a zip's checksums and loads damaged
 * weights silently, so they are checked here.
 */
final class TorchScriptArchive {

    private static final String CODE = "/code/";

    private static final String EXPORTED_PROGRAM = "/archive_format";

    private TorchScriptArchive() {
    }

    static void check(byte[] bytes, String name) throws ModelLoadException {
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes)).get()) {
            boolean hasCode = false;
            boolean isExportedProgram = false;
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                hasCode |= entry.getName().contains(CODE);
                isExportedProgram |= entry.getName().endsWith(EXPORTED_PROGRAM);
                if (!hasItsChecksum(zip, entry)) {
                    throw new ModelLoadException("%s is damaged: '%s' in it does not have its checksum; copy it again"
                        .formatted(name, entry.getName()));
                }
            }
            if (!hasCode && isExportedProgram) {
                throw new ModelLoadException(name + " is an archive of torch.export: export TorchScript instead, "
                        + "torch.jit.script(model.eval()).save('model.pt'), or ONNX, torch.onnx.export");
            }
            if (!hasCode) {
                throw noTorchScript(name);
            }
        }
        catch (IOException | IllegalArgumentException ex) {
            throw noTorchScript(name);
        }
    }

    /** Writers that leave checksums out write zero. */
    private static boolean hasItsChecksum(ZipFile zip, ZipArchiveEntry entry) throws IOException {
        try (InputStream content = zip.getInputStream(entry)) {
            CheckedInputStream checked = new CheckedInputStream(content, new CRC32());
            long read = checked.transferTo(OutputStream.nullOutputStream());
            return read == entry.getSize()
                    && (entry.getCrc() == 0 || entry.getCrc() == checked.getChecksum().getValue());
        }
    }

    private static ModelLoadException noTorchScript(String name) {
        return new ModelLoadException(name
                + " is not TorchScript, or only the beginning of it: a pickled model or state "
                + "dict must be exported with torch.jit.script(model.eval()).save('model.pt') instead of torch.save(...), "
                + "or handed to mlflow.pytorch as torch.jit.script(model.eval()); a file that was cut short must be "
                + "copied again");
    }

}

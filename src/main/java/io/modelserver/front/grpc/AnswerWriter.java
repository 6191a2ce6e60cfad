package io.modelserver.front.grpc;

import java.nio.ByteBuffer;
import java.util.List;

import com.google.protobuf.UnsafeByteOperations;
import inference.InferBatchStatistics;
import inference.InferStatistics;
import inference.ModelInferResponse;
import inference.ModelMetadataResponse;
import inference.ModelStatistics;
import inference.ModelStatisticsResponse;
import inference.RepositoryIndexResponse;
import inference.StatisticDuration;
import io.modelserver.oip.IndexEntry;
import io.modelserver.oip.InferAnswer;
import io.modelserver.oip.ModelDetails;
import io.modelserver.oip.VersionStatistics;
import io.modelserver.oip.VersionStatistics.Timed;
import io.modelserver.oip.tensor.AnswerTensor;
import io.modelserver.oip.tensor.WireSpec;

/** Writes answers as messages. */
final class AnswerWriter {

    private AnswerWriter() {
    }

    /** Always with raw contents, which the common clients read, and some of them only. */
    static ModelInferResponse write(InferAnswer answer) {
        ModelInferResponse.Builder message = ModelInferResponse.newBuilder()
            .setModelName(answer.model().name())
            .setModelVersion(answer.model().version());
        if (answer.id() != null) {
            message.setId(answer.id());
        }
        answer.parameters().forEach((name, value) -> message.putParameters(name, Parameters.write(value)));
        for (AnswerTensor output : answer.outputs()) {
            ModelInferResponse.InferOutputTensor.Builder tensor = message.addOutputsBuilder()
                .setName(output.name())
                .setDatatype(output.type().name());
            for (int dimension : output.elements().shape()) {
                tensor.addShape(dimension);
            }
            byte[] bytes = new byte[output.rawBytes()];
            output.writeTo(ByteBuffer.wrap(bytes));
            message.addRawOutputContents(UnsafeByteOperations.unsafeWrap(bytes));
        }
        return message.build();
    }

    static ModelMetadataResponse write(ModelDetails details) {
        return ModelMetadataResponse.newBuilder()
            .setName(details.name())
            .addAllVersions(details.versions())
            .setPlatform(details.platform())
            .addAllInputs(details.inputs().stream().map(AnswerWriter::write).toList())
            .addAllOutputs(details.outputs().stream().map(AnswerWriter::write).toList())
            .build();
    }

    private static ModelMetadataResponse.TensorMetadata write(WireSpec tensor) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
            .setName(tensor.name())
            .setDatatype(tensor.type().name())
            .addAllShape(tensor.shape().stream().map(Integer::longValue).toList())
            .build();
    }

    static RepositoryIndexResponse writeIndex(List<IndexEntry> entries) {
        RepositoryIndexResponse.Builder message = RepositoryIndexResponse.newBuilder();
        for (IndexEntry entry : entries) {
            message.addModelsBuilder()
                .setName(entry.model().name())
                .setVersion(entry.model().version())
                .setState(entry.state().name())
                .setReason(entry.reason());
        }
        return message.build();
    }

    static ModelStatisticsResponse writeStatistics(List<VersionStatistics> versions) {
        return ModelStatisticsResponse.newBuilder()
            .addAllModelStats(versions.stream().map(AnswerWriter::write).toList())
            .build();
    }

    private static ModelStatistics write(VersionStatistics version) {
        StatisticDuration none = StatisticDuration.getDefaultInstance();
        InferStatistics.Builder stages = InferStatistics.newBuilder()
            .setSuccess(write(version.stages().success()))
            .setFail(write(version.stages().fail()))
            .setQueue(write(version.stages().queue()))
            .setComputeInput(write(version.stages().computeInput()))
            .setComputeInfer(write(version.stages().computeInfer()))
            .setComputeOutput(none)
            .setCacheHit(none)
            .setCacheMiss(none);
        ModelStatistics.Builder message = ModelStatistics.newBuilder()
            .setName(version.model().name())
            .setVersion(version.model().version())
            .setLastInference(version.lastInferenceMillis())
            .setInferenceCount(version.inferences())
            .setExecutionCount(version.executions())
            .setInferenceStats(stages);
        for (VersionStatistics.OfBatchSize batch : version.batches()) {
            message.addBatchStats(InferBatchStatistics.newBuilder()
                .setBatchSize(batch.size())
                .setComputeInput(none)
                .setComputeInfer(write(batch.computeInfer()))
                .setComputeOutput(none));
        }
        return message.build();
    }

    private static StatisticDuration write(Timed timed) {
        return StatisticDuration.newBuilder().setCount(timed.count()).setNs(timed.nanos()).build();
    }

}

import { methodId } from '../../protocol/codec.ts';
import { ReplyError } from '../../protocol/reply-error.ts';
import type { Methods } from './method.ts';

const ids = { flowOk: methodId('ChannelFlowOk'), confirmOk: methodId('ConfirmSelectOk') };

export const channelMethods: Methods = {
  ChannelFlow(channel, { active }: { active: boolean }) {
    if (!active) throw new ReplyError('NOT_IMPLEMENTED', 'active=false');
    channel.send(ids.flowOk, { active });
  },

  ConfirmSelect(channel, { nowait }: { nowait: boolean }) {
    channel.selectConfirms();
    if (!nowait) channel.send(ids.confirmOk);
  },
};

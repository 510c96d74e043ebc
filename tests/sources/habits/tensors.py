"""What people do to tensors: in place, as views, in closures, with numbers of their own."""
import torch, math
import torch.nn as nn
import torch.nn.functional as F
class Inner(nn.Module):
    def __init__(self):
        super().__init__(); self.relu=nn.ReLU(inplace=True); self.conv=nn.Conv2d(3,3,3,padding=1)
    def forward(self, x):
        return self.conv(self.relu(x))
class D1(nn.Module):
    def __init__(self):
        super().__init__(); self.c=nn.Conv2d(3,3,1); self.inner=Inner()
    def forward(self, x):
        x = self.c(x)
        y = self.inner(x)
        return x + y
class D2(nn.Module):
    """view alias"""
    def __init__(self):
        super().__init__(); self.c=nn.Linear(4,4)
    def forward(self, x):
        x = self.c(x)
        y = x[:, :2]
        x.relu_()
        return torch.cat([x, y], 1)
class D3(nn.Module):
    def __init__(self):
        super().__init__(); self.c=nn.Linear(4,4)
    def forward(self, x):
        x = self.c(x)
        a = x
        a += 1
        return x * a
class D4(nn.Module):
    """list aliasing, functional relu inplace and skip"""
    def __init__(self):
        super().__init__(); self.c=nn.Conv2d(3,8,3,padding=1); self.d=nn.Conv2d(8,8,3,padding=1)
    def forward(self, x):
        feats=[]
        x=self.c(x); feats.append(x)
        x=F.relu(x, inplace=True)
        x=self.d(x)
        return x+feats[0]
class D5(nn.Module):
    """slice assignment"""
    def __init__(self):
        super().__init__(); self.c=nn.Linear(4,4)
    def forward(self, x):
        x=self.c(x)
        x[:, 0] = 0
        return x
class D6(nn.Module):
    """shared module called twice in two blocks + shared activation"""
    def __init__(self):
        super().__init__(); self.emb=nn.Embedding(20,4); self.enc=Enc(self.emb); self.dec=Enc(self.emb)
    def forward(self, a, b):
        return self.enc(a)+self.dec(b)
class Enc(nn.Module):
    def __init__(self, emb):
        super().__init__(); self.emb=emb; self.l=nn.Linear(4,4)
    def forward(self,x): return self.l(self.emb(x)).mean(1)
class D7(nn.Module):
    """same block object called twice"""
    def __init__(self):
        super().__init__(); self.b=Inner(); self.c=nn.Conv2d(3,3,1)
    def forward(self,x):
        x=self.b(self.c(x)); return self.b(x)
class D8(nn.Module):
    """early return on shape, isinstance, dim"""
    def __init__(self, k=2):
        super().__init__(); self.k=k; self.l=nn.Linear(4,3)
    def forward(self,x):
        if x.dim()==2:
            x=x.unsqueeze(1)
        b,t,c=x.shape
        if t>1 and self.k>1:
            x=x.mean(1,keepdim=True)
        return self.l(x)[:, -1]
class D9(nn.Module):
    """detach & no_grad & type"""
    def __init__(self):
        super().__init__(); self.l=nn.Linear(4,4); self.register_buffer('ema', torch.zeros(4)); self.steps=0
    def forward(self,x):
        with torch.no_grad():
            m=x.mean(0)
        if self.training:
            self.ema.mul_(0.9).add_(m, alpha=0.1)
            self.steps += 1
        return self.l(x-self.ema)
class D10(nn.Module):
    """channel-wise python list math, sum, max builtins"""
    def __init__(self, base=8, mult=[1,2,4], depth=None):
        super().__init__()
        depth = depth or [1]*len(mult)
        ws=[int(base*m) for m in mult]; total=sum(ws)
        self.stages=nn.ModuleList()
        cin=3
        for w,d in zip(ws,depth):
            self.stages.append(nn.Sequential(*([nn.Conv2d(cin,w,3,2,1),nn.ReLU()]+[nn.Conv2d(w,w,1) for _ in range(d)])))
            cin=w
        self.fc=nn.Linear(total,max(ws)); self.out=nn.Linear(max(ws),min(5,len(ws)))
    def forward(self,x):
        f=[]
        for s in self.stages:
            x=s(x); f.append(F.adaptive_avg_pool2d(x,1).flatten(1))
        return self.out(self.fc(torch.cat(f,1)))
class D11(nn.Module):
    """nested function, closure, default kw, lambda list"""
    def __init__(self):
        super().__init__()
        def block(i,o,normalize=True):
            layers=[nn.Linear(i,o)]
            if normalize: layers.append(nn.BatchNorm1d(o,0.8))
            layers.append(nn.LeakyReLU(0.2,inplace=True))
            return layers
        self.model=nn.Sequential(*block(10,16,normalize=False),*block(16,32),*block(32,64),nn.Linear(64,int(np_prod((1,8,8)))),nn.Tanh())
        self.img=(1,8,8)
    def forward(self,z):
        img=self.model(z)
        return img.view(img.size(0),*self.img)
def np_prod(t):
    r=1
    for v in t: r*=v
    return r
class D12(nn.Module):
    """conditional GAN: embedding + cat + noise"""
    def __init__(self):
        super().__init__(); self.e=nn.Embedding(10,10); self.m=nn.Sequential(nn.Linear(20,16),nn.ReLU())
    def forward(self, noise, labels):
        return self.m(torch.cat((self.e(labels), noise), -1))
class D13(nn.Module):
    """gather last valid? argmax; where"""
    def __init__(self):
        super().__init__(); self.l=nn.Linear(4,4)
    def forward(self,x):
        h=self.l(x)
        h=torch.where(h>0,h,h*0.1)
        return torch.clamp(h,max=1.0), h.argmax(-1), (h>0.5).float(), h.softmax(1).log()
class D14(nn.Module):
    """T5-like rms norm w/ eps and weight; alibi? relative bias from embedding of arange"""
    def __init__(self,n=6,h=2):
        super().__init__(); self.n=n
        self.rel=nn.Embedding(2*n-1,h)
        coords=torch.arange(n)
        self.register_buffer('idx', coords[:,None]-coords[None,:]+n-1)
        self.qk=nn.Linear(8,16)
    def forward(self,x):
        B,N,C=x.shape
        q,k=self.qk(x).reshape(B,N,2,2,C//2).permute(2,0,3,1,4)
        a=(q@k.transpose(-2,-1))*(C//2)**-0.5
        a=a+self.rel(self.idx).permute(2,0,1).unsqueeze(0)
        return a.softmax(-1)
